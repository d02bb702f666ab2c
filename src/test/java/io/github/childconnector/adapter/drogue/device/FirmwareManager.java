package io.github.childconnector.adapter.drogue.device;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.adapter.drogue.device.Traits.Flaw;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** drogue-device's: what a device does with the commands. Where it is, is in RAM only. */
final class FirmwareManager {
  private static final int MOST_VERSION = 16;

  private final Flash flash;
  private final BootState state;
  private final Traits traits;
  private final CountedSteps steps;
  private final Pause pause;
  private Optional<String> nextVersion = Optional.empty();
  private int nextOffset;
  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

  /** What a device is doing meanwhile. */
  interface Pause {
    void take(Duration time) throws InterruptedException;
  }

  /** A Rust panic: the device is reset. */
  static final class Panic extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Panic(String why) {
      super(why);
    }
  }

  FirmwareManager(Board board, Pause pause) {
    this.flash = board.flash();
    this.state = board.state();
    this.traits = board.traits();
    this.steps = board.steps();
    this.pause = pause;
  }

  Optional<Say.Have> have() {
    return nextVersion.map(version -> new Say.Have(version, nextOffset));
  }

  void start(String version) throws IOException, InterruptedException {
    if (version.getBytes(UTF_8).length > MOST_VERSION) {
      throw new Panic("the version is longer than " + MOST_VERSION);
    }
    steps.before("start");
    pause.take(traits.erasing);
    for (int page = 0; page <= flash.pages(); page++) {
      steps.before("erase");
      flash.dfu().erase(page * Flash.PAGE, Flash.PAGE);
    }
    nextVersion = Optional.of(version);
    taken.reset();
    if (!traits.has(Flaw.MANAGER_KEEPS_OFFSET)) {
      nextOffset = 0;
    }
  }

  void write(int offset, byte[] data) throws IOException {
    if (data.length > traits.writeSize && data.length % traits.writeSize != 0) {
      throw new IOException("Unaligned");
    }
    if (offset != nextOffset && !traits.has(Flaw.TAKES_ANY_OFFSET)) {
      throw new IOException("WrongOffset(" + offset + " != " + nextOffset + ")");
    }
    byte[] block = Arrays.copyOf(data, Math.max(data.length, traits.writeSize));
    steps.before("write");
    flash.dfu().write(offset, block);
    steps.before("written");
    taken.writeBytes(data);
    nextOffset += block.length;
  }

  void update(byte[] digest) throws IOException {
    if (traits.has(Flaw.CHECKS_DIGEST)
        && digest.length > 0
        && !Arrays.equals(digest, sha256(taken.toByteArray()))) {
      throw new IOException("the digest is another");
    }
    steps.before("swap");
    state.set(BootState.SWAP);
    steps.before("swapped");
  }

  void synced() throws IOException {
    steps.before("sync");
    state.set(BootState.BOOT);
    steps.before("synced");
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
