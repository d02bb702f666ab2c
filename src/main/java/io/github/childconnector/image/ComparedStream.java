package io.github.childconnector.image;

import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * The bytes of an image, which are hashed on their way. What is read last is withheld until all of
 * it has been compared, so that nobody gets a changed image as a whole.
 */
final class ComparedStream extends InputStream {
  private final InputStream file;
  private final FirmwareImage image;
  private final MessageDigest digest = Sha256.begin();
  private long remaining;

  ComparedStream(InputStream file, FirmwareImage image) {
    this.file = file;
    this.image = image;
    this.remaining = image.size();
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
    if (isShort || (remaining == 0 && !Sha256.soFar(digest).equals(image.digest()))) {
      throw new ChangedImageException(image);
    }
    return count;
  }

  /** Checks that nothing follows the last of the bytes. */
  void requireEnd() throws IOException {
    if (file.read() >= 0) {
      throw new ChangedImageException(image);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
