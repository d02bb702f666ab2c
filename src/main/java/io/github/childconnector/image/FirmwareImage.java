package io.github.childconnector.image;

import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The bytes of a firmware in a file, whose SHA-256 has been compared. The file is shared by all
 * operations with this digest: read it, never write it. Whoever gives its bytes to a device reads
 * them by {@link #open}, because a program of the same user, or the disk, may have changed them
 * since.
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

  /** The file, for programs that read it themselves. */
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

  /**
   * Opens the bytes for whoever passes them on: they are hashed as they are read, and the last of
   * them come only if all of them still have the digest.
   *
   * @return a stream that throws a {@link ChangedImageException} instead of the last bytes
   */
  public InputStream open() throws IOException {
    return compared();
  }

  private ComparedStream compared() throws IOException {
    return new ComparedStream(path, size, digest);
  }

  /**
   * Reads all bytes once more, where a program is given the file and not its bytes.
   *
   * @throws UpdateException they are others now, or cannot be read
   */
  public void requireUnchanged() throws UpdateException {
    try (ComparedStream bytes = compared()) {
      bytes.requireUnchanged();
    } catch (IOException e) {
      throw ChangedImageException.failure(this, e);
    }
  }

  @Override
  public String toString() {
    return path + " (" + size + " bytes)";
  }
}
