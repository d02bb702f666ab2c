package io.github.childconnector.adapter.sming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.sming.OtaFile.OtaFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The encrypted form, byte for byte as libsodium makes it. */
class SecretStreamTest {

  private static byte[] seal(byte[] file) {
    return SecretStream.seal(file, Vectors.streamKey(), Vectors.streamHeader());
  }

  private static byte[] open(byte[] sealed) throws OtaFormatException {
    return SecretStream.open(sealed, Vectors.streamKey());
  }

  /** RFC 8439, section 2.5.2. */
  @Test
  void poly1305IsThatOfItsRfc() {
    byte[] key =
        Vectors.HEX.parseHex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b");
    byte[] message = "Cryptographic Forum Research Group".getBytes(StandardCharsets.US_ASCII);

    assertThat(Vectors.HEX.formatHex(SecretStream.Poly1305.tag(key, message)))
        .isEqualTo("a8061dc1305136c6c22b8baf0c0127a9");
  }

  @Test
  void encryptsAsLibsodium() {
    assertThat(seal(Vectors.SIGNED)).isEqualTo(Vectors.ENCRYPTED);
  }

  @Test
  void decryptsWhatLibsodiumHasEncrypted() throws Exception {
    assertThat(open(Vectors.ENCRYPTED)).isEqualTo(Vectors.SIGNED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 2030, 2031, 2032, 4062, 4063, 100_000})
  void whatIsEncryptedInChunksIsDecrypted(int size) throws Exception {
    byte[] file = new byte[size];
    new Random(size).nextBytes(file);
    byte[] sealed = seal(file);

    int chunks = Math.max(1, (size + 2030) / 2031);
    assertThat(sealed).hasSize(24 + size + 19 * chunks);
    assertThat(open(sealed)).isEqualTo(file);
  }

  @Test
  void refusesEveryChangedByte() {
    for (int at = 0; at < Vectors.ENCRYPTED.length; at++) {
      byte[] changed = Vectors.ENCRYPTED.clone();
      changed[at] ^= 1;
      assertThatThrownBy(() -> open(changed)).isInstanceOf(OtaFormatException.class);
    }
  }

  @Test
  void refusesEveryOtherLength() {
    byte[] sealed = seal(new byte[5000]);
    for (int length = 0; length < sealed.length + 30; length += 7) {
      byte[] other = Arrays.copyOf(sealed, length);
      assertThatThrownBy(() -> open(other)).isInstanceOf(OtaFormatException.class);
    }
  }

  @Test
  void refusesAnotherKey() {
    assertThatThrownBy(() -> SecretStream.open(Vectors.ENCRYPTED, Vectors.bytes(0, 32)))
        .isInstanceOf(OtaFormatException.class)
        .hasMessageContaining("another key");
  }

  /** Whatever the bytes are, there is a file or the one exception, and soon. */
  @Test
  void survivesWhateverItReads() {
    Random random = new Random(4712);
    byte[] twoChunks = seal(new byte[2100]);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes =
          OtaFileTest.mutated(random.nextBoolean() ? Vectors.ENCRYPTED : twoChunks, random);
      try {
        assertThat(open(bytes)).hasSizeLessThan(bytes.length);
        read++;
      } catch (OtaFormatException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
    assertThat(read).isBetween(1000, 19_000);
  }
}
