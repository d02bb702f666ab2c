package io.github.childconnector.soak;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.soak.SoakPlan.Behaviour;
import io.github.childconnector.soak.SoakPlan.Fault;
import io.github.childconnector.soak.SoakPlan.Flaw;
import io.github.childconnector.soak.SoakPlan.Kind;
import io.github.childconnector.soak.SoakPlan.Request;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A seed is all that is needed to see a soak again. */
class SoakPlanTest {
  private static final Duration TIME = Duration.ofMinutes(2);

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 42, 999_999})
  void aSeedHasOnePlanWithFaultsOfEveryKind(long seed) {
    SoakPlan plan = SoakPlan.of(seed, TIME);

    assertThat(SoakPlan.of(seed, TIME)).isEqualTo(plan);
    assertThat(SoakPlan.of(seed + 1, TIME)).isNotEqualTo(plan);
    assertThat(Stream.concat(plan.outages().stream(), plan.troubles().stream()).map(Fault::kind))
        .contains(Kind.values());
    assertThat(plan.requests().stream().map(Request::behaviour)).contains(Behaviour.values());
    assertThat(plan.requests().stream().map(Request::flaw)).contains(Flaw.values());
    assertThat(plan.requests().stream().map(Request::id).distinct()).hasSize(360);
    assertThat(plan.children()).hasSize(200);
  }
}
