package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.world.RecordingLog;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A device is left alone only if what it runs is what it is to run, not only called alike. */
class SameVersionTest extends EngineCase {
  private static final String LOG = "io.github.childconnector.update";

  SameVersionTest(long seed) {
    super(seed);
  }

  private void ask(String id, String name, String digest, boolean isForced)
      throws InterruptedException {
    engine.accept(
        new FirmwareUpdate(
            key(id),
            new Firmware(name, "1.0"),
            new Sha256(digest.repeat(64)),
            "http://gw/" + id,
            isForced));
    engine.awaitLateEnd(key(id));
  }

  @Test
  void whereNothingIsKnownTheVersionDecidesAndTheEndSaysSo() throws InterruptedException {
    engine.device.version = "1.0";
    engine.start();
    try (RecordingLog log = RecordingLog.of(LOG)) {
      ask("op", "pump", "a", false);
      assertThat(log.lines())
          .anyMatch(line -> line.contains("pump 1.0 was not flashed: it runs 1.0 already"));
    }
    assertThat(engine.device.installs).hasValue(0);
    assertThat(engine.find(key("op")).orElseThrow().outcome().orElseThrow().notice())
        .contains("not flashed: it runs 1.0 already");
  }

  @ParameterizedTest
  @CsvSource({"pump, a, 1", "pump, b, 2", "valve, a, 2"})
  void onlyTheSameNameAndImageIsTheSame(String name, String digest, int installs)
      throws InterruptedException {
    engine.device.version = "0.9";
    engine.start();
    ask("first", "pump", "a", false);
    engine.stop();
    engine.start();
    ask("second", name, digest, false);
    assertThat(engine.device.installs).hasValue(installs);
    assertThat(engine.find(key("second")).orElseThrow().isUntouched()).isEqualTo(installs == 1);
  }

  @Test
  void whatWasInstalledLastCountsAndNotWhatWasBefore() throws InterruptedException {
    engine.device.version = "0.9";
    engine.start();
    for (String digest : List.of("a", "b", "a")) {
      ask("op" + engine.device.installs, "pump", digest, false);
    }
    assertThat(engine.device.installs).hasValue(3);
  }

  @Test
  void aForcedRequestIsInstalledAlsoAfterARestart() throws InterruptedException {
    engine.device.version = "0.9";
    engine.start();
    ask("first", "pump", "a", false);
    ask("second", "pump", "a", true);
    assertThat(engine.device.installs).hasValue(2);
    assertThat(engine.find(key("second")).orElseThrow().update().orElseThrow().isForced()).isTrue();
  }
}
