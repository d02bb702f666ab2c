package io.github.childconnector.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The power goes at every moment of an update, and again while the connector recovers; whatever of
 * the disk is left, every request comes to one end, and no device is flashed twice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PowerCutTest {
  private final ErrorLog errors = ErrorLog.open();
  private final Tally tally = new Tally("power");
  private final Map<Scenario, Future<List<String>>> found = new HashMap<>();
  private final ExecutorService workers =
      Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

  @AfterAll
  void save() {
    workers.shutdownNow();
    errors.close();
    if (tally.get(Count.POINTS) > 0) {
      tally.save();
    }
  }

  @Test
  void whereverThePowerGoesAGoodUpdateEndsOnce() {
    assertThat(cuts(Scenario.ALL.get(0), new Tally("quick"), 2, 0)).isEmpty();
  }

  @Tag("matrix")
  @ParameterizedTest
  @FieldSource("io.github.childconnector.simulation.Scenario#ALL")
  void whereverThePowerGoes(Scenario scenario) throws Exception {
    assertThat(Objects.requireNonNull(found().get(scenario)).get()).isEmpty();
    assertThat(tally.get(Count.CONTRADICTIONS) + tally.get(Count.LOST) + tally.get(Count.LEAKS))
        .as("%s", tally)
        .isZero();
  }

  /** What comes of each scenario; the first who asks begins with all of them. */
  private Map<Scenario, Future<List<String>>> found() {
    if (found.isEmpty()) {
      for (Scenario scenario : Scenario.ALL) {
        found.put(scenario, workers.submit(() -> cuts(scenario, tally, 20, 2)));
      }
    }
    return found;
  }

  private static List<String> cuts(Scenario scenario, Tally tally, int disks, int secondCuts) {
    try (Carriers carriers = new Carriers()) {
      return new PowerCuts(carriers, scenario, tally, disks, secondCuts).run();
    }
  }
}
