package io.github.childconnector.adapter.fuota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.fuota.management.OfferedImage;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.image.ComparedStream;
import io.github.childconnector.operation.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an image is sent. */
class DeviceRequestsTest {
  private static final int CHUNK = DeviceRequests.CHUNK;

  @TempDir private Path directory = Path.of("");
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  private static byte[] image(int size) {
    byte[] image = new byte[size];
    new Random(size).nextBytes(image);
    return image;
  }

  /** The bytes that lie where those of the offer are said to lie. */
  private void copy(byte[] stored, Noting offer) throws IOException {
    Files.write(offer.path(), stored);
    try (ComparedStream image = offer.open()) {
      DeviceRequests.copy(image, body, offer);
    }
  }

  private void assertWithheld(byte[] stored, Noting offer) {
    assertThatThrownBy(() -> copy(stored, offer)).isInstanceOf(ChangedImageException.class);
    assertThat(offer.taken).isEmpty();
  }

  /** Remembers how much of it the device could have whenever it was taken. */
  private final class Noting implements OfferedImage {
    private final byte[] image;
    private final List<Integer> taken = new ArrayList<>();
    private long sent;

    private Noting(int size) {
      this.image = image(size);
    }

    @Override
    public Optional<String> poll(String version) {
      return Optional.of(file());
    }

    @Override
    public Path path() {
      return directory.resolve("image");
    }

    @Override
    public long size() {
      return image.length;
    }

    @Override
    public Sha256 digest() {
      return Sha256.of(image);
    }

    @Override
    public void spoilt(IOException why) {
      throw new AssertionError(why);
    }

    @Override
    public void begun() {}

    @Override
    public void sent(long bytes) {
      sent = bytes;
    }

    @Override
    public void taken() {
      taken.add(body.size());
    }
  }

  /** A device that has all of it may poll before the thread that has sent it goes on. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK})
  void anImageIsTakenBeforeTheDeviceCanHaveAllOfIt(int size) throws IOException {
    Noting offer = new Noting(size);

    copy(image(size), offer);

    assertThat(body.toByteArray()).isEqualTo(image(size));
    assertThat(offer.taken).containsExactly(Math.max(0, size - 1));
    assertThat(offer.sent).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, CHUNK - 1, CHUNK, 3 * CHUNK - 1})
  void anImageWithAnotherByteIsNeverSentToItsEnd(int at) {
    Noting offer = new Noting(3 * CHUNK);
    byte[] changed = image(3 * CHUNK);
    changed[at]++;

    assertWithheld(changed, offer);
    assertThat(body.size()).isEqualTo(2 * CHUNK);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, CHUNK, CHUNK + 2, 2 * CHUNK})
  void anImageOfAnotherLengthIsNeverSentToItsEnd(int size) {
    Noting offer = new Noting(CHUNK + 1);

    assertWithheld(image(size), offer);
    assertThat(body.size()).isLessThanOrEqualTo(CHUNK);
  }
}
