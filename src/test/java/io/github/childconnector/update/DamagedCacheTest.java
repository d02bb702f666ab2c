package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import org.junit.jupiter.api.Test;

/** A requester that promises the very bytes that were refused before has a damaged copy. */
class DamagedCacheTest extends EngineCase {
  private static final Sha256 PROMISED = new Sha256("a".repeat(64));
  private static final Sha256 HELD = new Sha256("b".repeat(64));

  DamagedCacheTest(long seed) {
    super(seed);
  }

  private JournalEntry ask(String id, Sha256 digest, String file) throws InterruptedException {
    Firmware firmware = new Firmware("fw", "2.0");
    String url = "http://gw/te/v1/files/plc/firmware_update/" + file;
    engine.accept(new FirmwareUpdate(key(id), firmware, digest, url));
    return engine.awaitLateEnd(key(id));
  }

  private void refuseOnce() throws InterruptedException {
    engine.images.fetching =
        digest -> {
          if (digest.equals(PROMISED)) {
            throw UpdateException.mismatch("It is another.", HELD);
          }
        };
    assertThat(ask("first", PROMISED, "93d5").failure()).isPresent();
  }

  @Test
  void whatWasRefusedIsNotFlashedWhenItIsPromised() throws InterruptedException {
    engine.start();
    refuseOnce();
    engine.stop();
    engine.start();

    JournalEntry end = ask("second", HELD, "93d5");

    assertThat(end.failure().orElseThrow().reason())
        .startsWith("digest-mismatch: ")
        .contains("/var/tedge/cache", "under a new URL");
    assertThat(engine.device.installs).hasValue(0);
  }

  @Test
  void theSameBytesUnderAnotherUrlAreMeant() throws InterruptedException {
    engine.start();
    refuseOnce();
    assertThat(ask("second", HELD, "other").failure()).isEmpty();
    assertThat(engine.device.installs).hasValue(1);
  }
}
