package io.github.childconnector.image;

import io.github.childconnector.operation.Sha256;
import java.nio.file.Path;

/**
 * The bytes of a firmware in a file, whose SHA-256 has been compared. The file is shared by all
 * operations with this digest: read it, never write it.
 */
public final class FirmwareImage {
  private final Path path;
  private final Sha256 digest;
  private final long size;

  FirmwareImage(Path path, Sha256 digest, long size) {
    this.path = path;
    this.digest = digest;
    this.size = size;
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The digest of its bytes. */
  public Sha256 digest() {
    return digest;
  }

  /** The number of its bytes. */
  public long size() {
    return size;
  }

  @Override
  public String toString() {
    return path + " (" + size + " bytes)";
  }
}
