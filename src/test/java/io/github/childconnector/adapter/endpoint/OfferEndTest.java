package io.github.childconnector.adapter.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.simulation.Scheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is awaited of an offer is awaited by means that a scheduler can run. */
class OfferEndTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @Test
  void aDeviceIsAwaitedAsLongAsTheClockSays() throws Exception {
    try (Scheduler scheduler = Scheduler.ofThisThread(1)) {
      OfferEnd end = new OfferEnd(scheduler, () -> {});
      assertThat(end.awaitHeard(LIMIT)).isFalse();
      assertThat(Duration.ofNanos(scheduler.nanoTime())).isEqualTo(LIMIT);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theDeviceWakesWhoeverWaits(long seed) throws Exception {
    try (Scheduler scheduler = Scheduler.ofThisThread(seed)) {
      OfferEnd end = new OfferEnd(scheduler, () -> {});
      scheduler
          .thread(
              "device",
              () -> {
                end.heard();
                end.succeed();
              })
          .start();
      assertThat(end.awaitHeard(LIMIT)).isTrue();
      end.await();
      assertThat(end.isSuccess()).isTrue();
      assertThat(scheduler.nanoTime()).isZero();
    }
  }

  @Test
  void theFirstEndIsTheEnd() throws Exception {
    OfferEnd failed = new OfferEnd(FakeClock.standing(), () -> {});
    failed.fail(FailureCode.INSTALL_FAILED, "It reverted.");
    failed.succeed();
    assertThat(failed.isSuccess()).isFalse();
    assertThat(failed.isOver()).isTrue();
    assertThatThrownBy(failed::await)
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("It reverted.");

    OfferEnd good = new OfferEnd(FakeClock.standing(), () -> {});
    good.succeed();
    good.fail(FailureCode.INSTALL_FAILED, "It reverted.");
    good.await();
    assertThat(good.isSuccess()).isTrue();
  }

  @Test
  void thereIsNewsWhenTheDeviceComesAndAtTheEnd() {
    List<String> news = new ArrayList<>();
    OfferEnd end = new OfferEnd(FakeClock.standing(), () -> news.add("news"));
    end.heard();
    end.heard();
    assertThat(news).hasSize(1);
    end.fail(FailureCode.INSTALL_FAILED, "It reverted.");
    assertThat(news).hasSize(2);
  }

  @Test
  void aDeviceThatWasHeardLatelyIsTakenForOneThatIsWritten() {
    FakeClock clock = FakeClock.standing();
    OfferEnd end = new OfferEnd(clock, () -> {});
    StandingOffer offer =
        new StandingOffer(end, new StandingOffer.Terms(() -> true, () -> "", () -> {}));
    end.expect();
    assertThat(offer.isHeard()).isTrue();
    assertThat(offer.isWriting()).isFalse();
    end.heard();
    clock.advance(StandingOffer.LULL.minusNanos(1));
    assertThat(offer.isWriting()).isTrue();
    clock.advance(Duration.ofNanos(1));
    assertThat(offer.isWriting()).isFalse();
  }
}
