package io.github.childconnector.operation;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A valid request: bring this firmware, whose image lies at {@code url}, to the child of {@code
 * key}.
 *
 * @param digest of the image; empty while nobody has promised one, until it was fetched
 * @param source which file of the cloud it is, by the SHA-256 of the address that the cloud gave
 *     for it, in 64 hexadecimal digits
 * @param isForced whether it is installed although the device seems to run it already
 */
public record FirmwareUpdate(
    OperationKey key,
    Firmware firmware,
    Optional<Sha256> digest,
    String url,
    String source,
    boolean isForced) {
  private static final Pattern FILE_NAME = Pattern.compile("[0-9a-f]{64}");

  /** A request that promises a digest, for a file that is known by its URL alone. */
  public FirmwareUpdate(
      OperationKey key, Firmware firmware, Sha256 digest, String url, boolean isForced) {
    this(key, firmware, Optional.of(digest), url, source(url), isForced);
  }

  /** A request that leaves a device alone that runs the firmware already. */
  public FirmwareUpdate(OperationKey key, Firmware firmware, Sha256 digest, String url) {
    this(key, firmware, digest, url, false);
  }

  /**
   * The source of a file, told from where it lies: thin-edge's firmware plugin names its copy by
   * the SHA-256 of the address in the cloud.
   */
  public static String source(String url) {
    String name = url.substring(url.lastIndexOf('/') + 1);
    return FILE_NAME.matcher(name).matches()
        ? name
        : Sha256.of(url.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** Whether another request asks for the same file as the same firmware of the same child. */
  public boolean isSame(FirmwareUpdate other) {
    return key.child().equals(other.key.child())
        && firmware.equals(other.firmware)
        && source.equals(other.source);
  }

  /** Returns this request with the digest that its image was found to have. */
  public FirmwareUpdate withDigest(Sha256 found) {
    return new FirmwareUpdate(key, firmware, Optional.of(found), url, source, isForced);
  }

  /**
   * The digest of an image that was fetched.
   *
   * @throws IllegalStateException it was not, and nobody has promised one
   */
  public Sha256 knownDigest() {
    return digest.orElseThrow(
        () -> new IllegalStateException("the image was not fetched yet " + key));
  }
}
