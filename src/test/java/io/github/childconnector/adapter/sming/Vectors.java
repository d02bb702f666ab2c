package io.github.childconnector.adapter.sming;

import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Files that Sming's own parser and libsodium have taken: one ROM of the bytes 0 to 15 at 0x2000,
 * signed by the seed 0 to 31, encrypted with the key 32 to 63.
 */
final class Vectors {
  static final HexFormat HEX = HexFormat.of();
  static final String KEY = hex(0, 64);

  static final byte[] UNSIGNED =
      HEX.parseHex(
          "20f01af000409452a3030000010000000020000010000000000102030405060708090a0b0c0d0e0f"
              + "21e081a40f67082f5edfd980336d56bf");
  static final byte[] SIGNED =
      HEX.parseHex(
          "2af01af000409452a3030000010000000020000010000000000102030405060708090a0b0c0d0e0f"
              + "1c422d6fd9bd3ffe01d70cb1296245f784bf73358d37cd8515199d72e1c170a2"
              + "ad59ed6b9ca93ec8f3d1f12af4df2993428a216bc57ec8708701d63d1f827d02");
  static final byte[] ENCRYPTED =
      HEX.parseHex(
          "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b77800a8e29ead103efc2437009585bf53"
              + "8065ca045587f4c1de6d6f11342e17a8550ef5ec5d7bf1a9c348776e951ef59d92338f25da2f1411"
              + "5dbba5cd7f3fb6d4e174b8bf33a81fca136cbf7b0c3fab8efeb7f51512c1529faf67f02a81fcae2d"
              + "a6db13234175cc908a87737eb0a5310474caee07fda18a95ecd59b");

  /** When the files were made, by the clock of Java. */
  static final long UNIX_MILLIS = 4_000_000_000_000L - 2_208_988_800_000L;

  private Vectors() {}

  static byte[] bytes(int from, int to) {
    byte[] bytes = new byte[to - from];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }

  private static String hex(int from, int to) {
    return HEX.formatHex(bytes(from, to));
  }

  static byte[] streamKey() {
    return bytes(32, 64);
  }

  static byte[] streamHeader() {
    return bytes(0xa0, 0xb8);
  }

  static OtaFile.Rom rom() {
    return new OtaFile.Rom(0x2000, ByteBuffer.wrap(bytes(0, 16)));
  }

  static Path keyFile(Path directory) throws IOException {
    return Files.writeString(directory.resolve("ota.key"), KEY + "\n");
  }

  static OtaKey key(Path directory) throws IOException, UpdateException {
    return OtaKey.read(keyFile(directory));
  }
}
