package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The machine sleeps in the middle of an operation: the clock stands still for as long as anybody
 * likes, then jumps by hours, beyond every limit at once.
 */
class SuspendTest extends EngineCase {
  private static final Duration NIGHT = Duration.ofHours(10);

  private final CountDownLatch asleep = new CountDownLatch(1);
  private final CountDownLatch awake = new CountDownLatch(1);
  private final AtomicBoolean first = new AtomicBoolean(true);

  /** Where the machine falls asleep, once. */
  private void sleep() throws InterruptedException {
    if (first.getAndSet(false)) {
      asleep.countDown();
      awake.await();
      if (Thread.interrupted()) {
        // A latch that is open by now does not look for it.
        throw new InterruptedException();
      }
    }
  }

  private void sleepIn(String stage) {
    engine.device.canRestore = stage.equals("rolling_back");
    switch (stage) {
      case "checking" -> engine.device.read = this::sleepAndRead;
      case "fetching" -> engine.images.fetch = this::sleep;
      case "installing" -> engine.device.install = installation -> sleep();
      case "confirming" ->
          engine.device.install =
              installation -> {
                engine.device.read = this::sleepAndRead;
                engine.device.takeIt(installation);
              };
      case "rolling_back" -> {
        engine.device.install = installation -> refuse();
        engine.device.restore = this::sleep;
      }
      case "busy" -> engine.device.install = installation -> beBusy();
      default -> throw new IllegalArgumentException(stage);
    }
  }

  private String sleepAndRead() throws InterruptedException {
    sleep();
    return engine.device.version;
  }

  private static void refuse() throws UpdateException {
    throw new UpdateException(FailureCode.INSTALL_FAILED, "The device refused it.");
  }

  private void beBusy() throws DeviceBusyException, InterruptedException {
    sleep();
    throw new DeviceBusyException("driving");
  }

  @ParameterizedTest
  @CsvSource({
    "checking, successful",
    "fetching, successful",
    "installing, failed install-timeout",
    "confirming, successful",
    "rolling_back, failed install-failed",
    "busy, failed install-timeout"
  })
  void everyLimitPassesAtOnceAndTheOperationEndsOnce(String stage, String end) throws Exception {
    sleepIn(stage);
    engine.start();
    engine.request("op", "2.0");
    asleep.await();

    engine.clock.advance(NIGHT);
    awake.countDown();

    engine.whileWaiting = () -> engine.clock.advance(Duration.ofSeconds(5));
    engine.awaitEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).isEqualTo(List.of("executing", end));
    assertThat(engine.device.installs.get()).isLessThanOrEqualTo(stage.equals("busy") ? 2 : 1);
    await().until(() -> engine.queue().size() == 0);
  }
}
