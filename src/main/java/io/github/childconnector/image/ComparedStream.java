package io.github.childconnector.image;

import io.github.childconnector.operation.Sha256;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * The bytes of a file that has been compared before, hashed once more on their way. What is read
 * last is withheld until all of it has been compared, so that nobody gets a changed image as a
 * whole: a {@link ChangedImageException} comes instead.
 */
public final class ComparedStream extends InputStream {
  private final Path path;
  private final Sha256 expected;
  private final InputStream file;
  private final MessageDigest digest = Sha256.begin();
  private long remaining;

  /**
   * Opens a file.
   *
   * @param size of the bytes that were compared
   * @param expected their digest
   * @throws IOException it cannot be opened
   */
  public ComparedStream(Path path, long size, Sha256 expected) throws IOException {
    this.path = path;
    this.expected = expected;
    // Not with a channel, which an interrupt would close: it would look like a broken disk.
    this.file = new FileInputStream(path.toFile());
    this.remaining = size;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (remaining == 0) {
      return -1;
    }
    int count = file.readNBytes(bytes, offset, (int) Math.min(length, remaining));
    digest.update(bytes, offset, count);
    remaining -= count;
    boolean isShort = count == 0 && length > 0;
    if (isShort || (remaining == 0 && !Sha256.soFar(digest).equals(expected))) {
      throw new ChangedImageException(path);
    }
    return count;
  }

  /** Reads what is left, and checks that nothing follows it: whoever is given the file reads on. */
  public void requireUnchanged() throws IOException {
    transferTo(OutputStream.nullOutputStream());
    if (file.read() >= 0) {
      throw new ChangedImageException(path);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
