package io.github.childconnector.image;

import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;

/** Images for the tests of those who receive them. */
public final class FirmwareImages {
  private FirmwareImages() {}

  /** The image in a file, whose digest is what its bytes give. */
  public static FirmwareImage verified(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      return new FirmwareImage(file, new Sha256(DigestUtils.sha256Hex(bytes)), Files.size(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An image of these bytes that lies nowhere, for those who do not read it. */
  public static FirmwareImage unread(byte[] bytes) {
    return new FirmwareImage(Path.of("/nowhere"), Sha256.of(bytes), bytes.length);
  }

  /** Changes the last byte of an image where it lies, as another program or a broken disk would. */
  public static void change(FirmwareImage image) {
    try (RandomAccessFile file = new RandomAccessFile(image.path().toFile(), "rw")) {
      file.seek(image.size() - 1);
      int last = file.read();
      file.seek(image.size() - 1);
      file.write(last ^ 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
