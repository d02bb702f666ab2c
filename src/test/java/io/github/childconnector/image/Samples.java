package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.tls.TlsSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Values that the tests of this package share. */
final class Samples {
  static final FetchProgress SILENT = (done, total) -> {};
  static final Duration STALL = Duration.ofSeconds(30);
  static final Duration DEADLINE = Duration.ofMinutes(30);

  private Samples() {}

  /** Makes bytes, always the same for a length. */
  static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  static Sha256 digest(byte[] bytes) {
    return Sha256.of(bytes);
  }

  static DownloadSettings settings(int attempts) {
    return settings(attempts, 10_000_000, 0);
  }

  static DownloadSettings settings(int attempts, long maxSize, long minFree) {
    return new DownloadSettings(
        maxSize,
        minFree,
        attempts,
        STALL,
        DEADLINE,
        Set.of("127.0.0.1"),
        Optional.empty(),
        noTls());
  }

  static TlsSettings noTls() {
    return new TlsSettings(Optional.empty(), Optional.empty());
  }

  static Failure failure(ThrowingCallable call) {
    return catchThrowableOfType(UpdateException.class, call).failure();
  }
}
