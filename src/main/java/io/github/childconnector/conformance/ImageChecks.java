package io.github.childconnector.conformance;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.conformance.Workbench.Attempt;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** Images that are not there, or are no firmware. */
final class ImageChecks {
  /** Enough for a device to tell what it has got. */
  private static final int MOST = 1 << 20;

  private static final String NO_FIRMWARE = "this is no firmware\n";

  private final Workbench bench;
  private final Recovery recovery;

  ImageChecks(Workbench bench) {
    this.bench = bench;
    this.recovery = new Recovery(bench);
  }

  List<NamedCheck> list() {
    return List.of(
        new NamedCheck(
            "missing-image",
            "See that the image can be read before anything is changed, and exit with another status than 0 if not.",
            this::missing),
        bad("empty-image", () -> install(new byte[0])),
        bad("half-image", () -> install(half())),
        bad("foreign-image", () -> install(foreign())));
  }

  private byte[] half() throws IOException {
    long size = Files.size(bench.subject().wanted().file());
    try (InputStream bytes = Files.newInputStream(bench.subject().wanted().file())) {
      return bytes.readNBytes((int) Math.min(MOST, size / 2));
    }
  }

  private byte[] foreign() throws IOException {
    long size = Math.min(MOST, Files.size(bench.subject().wanted().file()));
    int times = (int) (size / NO_FIRMWARE.length()) + 1;
    return NO_FIRMWARE.repeat(times).getBytes(StandardCharsets.UTF_8);
  }

  private NamedCheck bad(String name, NamedCheck.Work work) {
    return new NamedCheck(
        name,
        "Look at the image before it is written (its size, its head, a signature), and exit with another status than 0: whoever uploads firmware may take the wrong file.",
        work);
  }

  private void missing() throws Finding, UpdateException, IOException, InterruptedException {
    Optional<String> before = bench.begin();
    Installation installation = bench.next();
    Files.delete(installation.image().path());
    refuse(installation, before);
  }

  private void install(byte[] bytes)
      throws Finding, UpdateException, IOException, InterruptedException {
    if (!bench.subject().withBadImages()) {
      throw Finding.skipped(
          "a device that does not look at its image may not survive it; if it does, say --bad-images");
    }
    Optional<String> before = bench.begin();
    Installation installation =
        bench.next(
            bench.subject().wanted().firmware(),
            bench.shelf().keep(new ByteArrayInputStream(bytes)));
    refuse(installation, before);
  }

  /** Installs what cannot be installed; the device is to stay as it was. */
  private void refuse(Installation installation, Optional<String> before)
      throws Finding, UpdateException, IOException, InterruptedException {
    FirmwareUpdate update = installation.update();
    Attempt attempt = bench.install(bench.adapter(), installation);
    recovery.goBack(update);
    if (!attempt.isSuccess()) {
      bench.awaitVersion(update, before);
    }
    bench.complete(bench.next());
    if (attempt.isSuccess()) {
      throw Finding.failed("It ended with 0, as if that had been the firmware");
    }
  }
}
