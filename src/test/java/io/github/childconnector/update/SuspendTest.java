package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The machine sleeps in the middle of an operation: the clock stands still for as long as anybody
 * likes, then jumps by hours, beyond every limit at once.
 */
class SuspendTest extends EngineCase {
  private static final Duration NIGHT = Duration.ofHours(10);

  private boolean first = true;

  SuspendTest(long seed) {
    super(seed);
  }

  /**
   * The machine falls asleep here, once, and whatever was due meanwhile comes before this goes on.
   */
  private void sleep() throws InterruptedException {
    if (first) {
      first = false;
      scheduler.jump(NIGHT);
      scheduler.sleep(MOMENT);
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
    engine.awaitLateEnd(key("op"));
    assertThat(engine.statuses.words(key("op"))).isEqualTo(List.of("executing", end));
    assertThat(engine.device.installs.get()).isLessThanOrEqualTo(stage.equals("busy") ? 2 : 1);
    engine.await(() -> engine.queue().size() == 0);
  }
}
