package io.github.childconnector.adapter.drogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.drogue.DrogueSettings.BlockRules;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of an image for hours is what was compared. */
@NullMarked
final class SentImageTest {
  private static final int PIECE = SentImage.PIECE;
  private static final int BLOCK = 1000;
  private static final BlockRules BLOCKS = new BlockRules(BLOCK, 8, Optional.of((byte) -1));

  @TempDir Path directory;

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private FirmwareImage image(int size) throws IOException {
    return FirmwareImages.verified(Files.write(file(), bytes(size)));
  }

  private Path file() {
    return directory.resolve("image");
  }

  private static byte[] all(SentImage image, int size) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int at = 0; at < size; at += BLOCK) {
      all.writeBytes(DfuCommand.array(image.read(at, Math.min(BLOCK, size - at))));
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 5})
  void allOfItIsReadWithItsPaddingAndHasThatDigest(int size) throws IOException {
    SentImage image = SentImage.open(image(size), BLOCKS);
    int sent = (int) BLOCKS.sent(size);
    byte[] padded = Arrays.copyOf(bytes(size), sent);
    Arrays.fill(padded, size, sent, (byte) -1);

    assertThat(all(image, sent)).isEqualTo(padded);
    assertThat(image.digest()).isEqualTo(Sha256.of(padded));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, PIECE - 1, PIECE, 2 * PIECE + 4})
  void aChangedByteIsNeverRead(int at) throws IOException {
    SentImage image = SentImage.open(image(2 * PIECE + 5), BLOCKS);
    byte[] changed = bytes(2 * PIECE + 5);
    changed[at]++;
    Files.write(file(), changed);

    assertThatThrownBy(() -> image.read(at - at % 8L, 8))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was changed after its digest was compared");
  }

  @Test
  void whatHasBecomeShorterIsNotRead() throws IOException {
    SentImage image = SentImage.open(image(2 * PIECE), BLOCKS);
    Files.write(file(), bytes(PIECE + 1));

    assertThatThrownBy(() -> image.read(PIECE, 8))
        .hasMessageContaining("was changed after its digest was compared");
  }

  @Test
  void whatWasChangedBeforeTheFirstBlockIsNotBegun() throws IOException {
    FirmwareImage image = image(PIECE);
    Files.write(file(), bytes(PIECE + 1));

    assertThatThrownBy(() -> SentImage.open(image, BLOCKS))
        .hasMessageContaining("was changed after its digest was compared");
  }
}
