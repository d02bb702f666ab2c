package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of an image on their way to a device, after their digest was compared. */
class FirmwareImageTest {
  private static final byte[] BYTES = Samples.bytes(10_000);

  private FirmwareImage image = FirmwareImages.unread(BYTES);

  @BeforeEach
  void store(@TempDir Path directory) throws IOException {
    image = FirmwareImages.verified(Files.write(directory.resolve("image"), BYTES));
  }

  /** What a reader has got when the reading ends, however it ends. */
  private byte[] got(int piece) throws IOException {
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    byte[] buffer = new byte[piece];
    try (InputStream bytes = image.open()) {
      for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
        got.write(buffer, 0, count);
      }
    } catch (ChangedImageException e) {
      got.write('!');
    }
    return got.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 999, 5_000, 10_000, 10_001})
  void anUnchangedImageComesAsAWhole(int piece) throws Exception {
    assertThat(got(piece)).isEqualTo(BYTES);
    image.requireUnchanged();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 999, 5_000, 10_000, 10_001})
  void nobodyGetsTheLastPieceOfAChangedOne(int piece) throws Exception {
    FirmwareImages.change(image);
    int all = (BYTES.length - 1) / piece * piece;
    byte[] expected = Arrays.copyOf(BYTES, all + 1);
    expected[all] = '!';

    assertThat(got(piece)).isEqualTo(expected);
  }

  @Test
  void changedInItsFirstByteOrCutItDoesNotComeEither() throws Exception {
    byte[] changed = BYTES.clone();
    changed[0] ^= 1;
    Files.write(image.path(), changed);
    assertThat(got(4_000)).hasSize(8_001).endsWith('!');

    Files.write(image.path(), Arrays.copyOf(BYTES, 7_000));
    assertThat(got(4_000)).hasSize(7_001).endsWith('!');
  }

  @Test
  void whatWasAppendedIsNotTheImage() throws Exception {
    Files.write(image.path(), Arrays.copyOf(BYTES, 20_000));
    assertThat(got(4_000)).isEqualTo(BYTES);
    // Whoever is given the file would read on.
    assertThat(Samples.failure(image::requireUnchanged).code())
        .isEqualTo(FailureCode.DIGEST_MISMATCH);
  }

  @Test
  void theFailureSaysThatTheStoredFileWasChanged() {
    FirmwareImages.change(image);
    Failure failure = Samples.failure(image::requireUnchanged);

    assertThat(failure.code()).isEqualTo(FailureCode.DIGEST_MISMATCH);
    assertThat(failure.sentence())
        .contains(image.path() + " was changed after its SHA-256 had been compared")
        .contains("request the update again");
  }

  @Test
  void oneThatIsGoneIsAFailureOfTheStorage() throws Exception {
    Files.delete(image.path());

    assertThat(Samples.failure(image::requireUnchanged).code())
        .isEqualTo(FailureCode.STORAGE_FAILED);
  }

  @Test
  void aChangeIsFoundBehindOtherFaults() {
    FirmwareImages.change(image);
    IOException circle = new IOException("a");
    circle.initCause(new IOException("b", circle));

    assertThat(
            ChangedImageException.failure(
                new IOException("sent", new ChangedImageException(image.path()))))
        .isPresent();
    assertThat(ChangedImageException.failure(circle)).isEmpty();
    assertThatThrownBy(() -> image.open().readAllBytes()).isInstanceOf(ChangedImageException.class);
  }
}
