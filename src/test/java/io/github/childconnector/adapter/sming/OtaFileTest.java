package io.github.childconnector.adapter.sming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.sming.OtaFile.OtaFormatException;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OTA upgrade files, byte for byte as Sming's own tools write and read them. */
class OtaFileTest {
  @TempDir Path directory;

  @Test
  void writesAFileWithAnMd5() {
    byte[] file = OtaFile.withMd5(OtaFile.unsealed(Vectors.rom(), Vectors.UNIX_MILLIS, false));

    assertThat(file).isEqualTo(Vectors.UNSIGNED);
  }

  @Test
  void writesASignedFile() throws Exception {
    OtaKey key = Vectors.key(directory);
    byte[] unsealed = OtaFile.unsealed(Vectors.rom(), Vectors.UNIX_MILLIS, true);

    assertThat(OtaFile.withSignature(unsealed, key)).isEqualTo(Vectors.SIGNED);
  }

  @Test
  void readsWhatIsInAFile() throws Exception {
    OtaFile unsigned = OtaFile.read(Vectors.UNSIGNED);
    OtaFile signed = OtaFile.read(Vectors.SIGNED);

    assertThat(unsigned.signed()).isFalse();
    assertThat(signed.signed()).isTrue();
    assertThat(signed.timestamp()).isEqualTo(4_000_000_000_000L);
    assertThat(signed.roms()).containsExactly(Vectors.rom());
  }

  @Test
  void knowsWhoSignedAFile() throws Exception {
    byte[] other = Vectors.SIGNED.clone();
    other[30] ^= 1;
    OtaKey key = Vectors.key(directory);

    assertThat(OtaFile.isSignedBy(key, Vectors.SIGNED)).isTrue();
    assertThat(OtaFile.isSignedBy(key, other)).isFalse();
  }

  @Test
  void refusesAFileWithAnyChangedByteOfItsMd5() {
    for (int at = 0; at < Vectors.UNSIGNED.length; at++) {
      byte[] changed = Vectors.UNSIGNED.clone();
      changed[at] ^= 0x40;
      assertThatThrownBy(() -> OtaFile.read(changed)).isInstanceOf(OtaFormatException.class);
    }
  }

  @Test
  void refusesAFileOfAnyOtherLength() {
    for (int length = 0; length < Vectors.SIGNED.length + 3; length++) {
      byte[] other = Arrays.copyOf(Vectors.SIGNED, length);
      if (length != Vectors.SIGNED.length) {
        assertThatThrownBy(() -> OtaFile.read(other)).isInstanceOf(OtaFormatException.class);
      }
    }
  }

  /** Whatever the bytes are, there is a file or the one exception, and soon. */
  @Test
  void survivesWhateverItReads() {
    Random random = new Random(4711);
    int read = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = mutated(random.nextBoolean() ? Vectors.SIGNED : Vectors.UNSIGNED, random);
      try {
        assertThat(OtaFile.read(bytes).roms()).hasSizeBetween(1, 255);
        read++;
      } catch (OtaFormatException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
    assertThat(read).isBetween(1000, 199_000);
  }

  static byte[] mutated(byte[] file, Random random) {
    byte[] bytes =
        random.nextInt(4) == 0
            ? Arrays.copyOf(file, random.nextInt(2 * file.length))
            : file.clone();
    for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  @Test
  void aKeyFileThatCannotBeUsedIsToldWithoutItsContent() throws Exception {
    Path file = directory.resolve("ota.key");
    assertThatThrownBy(() -> OtaKey.read(file))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining(file + " cannot be read");

    for (String content : new String[] {"", "5ec2e7", "5ec2e7".repeat(40), "xy".repeat(64)}) {
      Files.writeString(file, content);
      assertThatThrownBy(() -> OtaKey.read(file))
          .hasMessageContaining("does not hold 128 hexadecimal digits")
          .hasMessageNotContainingAny("5ec2e7", "xyxy")
          .hasNoCause();
    }
  }
}
