package io.github.childconnector.conformance;

import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.ImageStore;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Verified copies of images, so that nothing a program does to its image harms the original. */
public final class ImageShelf {
  private final Path directory;
  private final ImageStore store;
  private final Map<Path, Sha256> copied = new HashMap<>();

  public ImageShelf(Path directory, ImageStore store) {
    this.directory = directory;
    this.store = store;
  }

  /** A copy of the image in a file; made anew where a program has spoilt the last one. */
  FirmwareImage copyOf(Path file) throws IOException, UpdateException, InterruptedException {
    Sha256 known = copied.get(file);
    Optional<FirmwareImage> last = known == null ? Optional.empty() : store.find(known);
    return last.isPresent() ? last.get() : copy(file);
  }

  private FirmwareImage copy(Path file) throws IOException, UpdateException, InterruptedException {
    try (InputStream bytes = Files.newInputStream(file)) {
      FirmwareImage image = keep(bytes);
      copied.put(file, image.digest());
      return image;
    }
  }

  FirmwareImage keep(InputStream bytes) throws IOException, UpdateException, InterruptedException {
    Path copy = directory.resolve("copy");
    Sha256 digest = write(bytes, copy);
    Files.move(copy, directory.resolve(digest.hex()), StandardCopyOption.REPLACE_EXISTING);
    return store
        .find(digest)
        .orElseThrow(() -> new IOException("the copy of the image was damaged at once"));
  }

  private static Sha256 write(InputStream bytes, Path copy) throws IOException {
    MessageDigest digest = Sha256.begin();
    try (OutputStream to = new DigestOutputStream(Files.newOutputStream(copy), digest)) {
      bytes.transferTo(to);
    }
    return Sha256.of(digest);
  }
}
