package io.github.childconnector.adapter.sming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.sming.Packager.Packaging;
import io.github.childconnector.adapter.sming.Packager.Packaging.Format;
import io.github.childconnector.adapter.sming.VersionRules.Release;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one message, in each form. */
class PackagerTest {
  private static final Release RELEASE = new Release("a/test/u/4.3", 6);
  private static final long SLOT = 992 << 10;
  private static final ImageRules LENIENT = new ImageRules(1 << 20, SLOT, false);
  private static final ImageRules STRICT = new ImageRules(1 << 20, SLOT, true);
  private static final byte[] ROM = Vectors.bytes(0, 16);

  @TempDir Path directory;

  private byte[] pack(Format format, boolean encrypted, ImageRules rules, byte[] image)
      throws Exception {
    Packaging packaging =
        new Packaging(format, encrypted, Optional.of(Vectors.keyFile(directory)), 0x2000);
    return new Packager(
            packaging, rules, at(Vectors.UNIX_MILLIS), notRandom(Vectors.streamHeader()))
        .pack(RELEASE, FirmwareImages.verified(Files.write(directory.resolve("image"), image)));
  }

  private static InstantSource at(long millis) {
    return () -> Instant.ofEpochMilli(millis);
  }

  private static RandomGenerator notRandom(byte[] bytes) {
    ByteBuffer source = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return source::getLong;
  }

  private static byte[] after(int patch, byte[] firmware) {
    return ByteBuffer.allocate(firmware.length + 1).put((byte) patch).put(firmware).array();
  }

  @Test
  void aRawImageStandsBehindItsPatch() throws Exception {
    assertThat(pack(Format.RAW, false, LENIENT, ROM)).isEqualTo(after(6, ROM));
  }

  @Test
  void anImageIsPackedAsOtatoolDoes() throws Exception {
    assertThat(pack(Format.OTA, false, LENIENT, ROM)).isEqualTo(after(6, Vectors.UNSIGNED));
    assertThat(pack(Format.OTA_SIGNED, false, LENIENT, ROM)).isEqualTo(after(6, Vectors.SIGNED));
    assertThat(pack(Format.OTA_SIGNED, true, LENIENT, ROM)).isEqualTo(after(6, Vectors.ENCRYPTED));
  }

  @Test
  void aFileOfOtatoolIsCheckedAndSentAsItIs() throws Exception {
    assertThat(pack(Format.OTA_FILE, false, LENIENT, Vectors.UNSIGNED))
        .isEqualTo(after(6, Vectors.UNSIGNED));
    assertThat(pack(Format.OTA_FILE, false, LENIENT, Vectors.SIGNED))
        .isEqualTo(after(6, Vectors.SIGNED));
    assertThat(pack(Format.OTA_FILE, true, LENIENT, Vectors.ENCRYPTED))
        .isEqualTo(after(6, Vectors.ENCRYPTED));
  }

  @Test
  void aDamagedFileOfOtatoolIsRefused() {
    byte[] damaged = Vectors.SIGNED.clone();
    damaged[damaged.length - 1] ^= 1;

    assertThatThrownBy(() -> pack(Format.OTA_FILE, false, LENIENT, damaged))
        .hasMessageContaining("signed with another key");
    assertThatThrownBy(() -> pack(Format.OTA_FILE, false, LENIENT, ROM))
        .hasMessageContaining("it is too short");
    assertThatThrownBy(() -> pack(Format.OTA_FILE, true, LENIENT, Vectors.SIGNED))
        .hasMessageContaining("no OTA upgrade file");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void anEmptyImageIsRefused(Format format) {
    assertThatThrownBy(() -> pack(format, false, LENIENT, new byte[0]))
        .hasMessageContaining("The image is empty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"e9", "e903", "ea04", "ea0400"})
  void romImagesOfAnEspAreTaken(String image) throws Exception {
    byte[] bytes = Vectors.HEX.parseHex(image);

    assertThat(pack(Format.RAW, false, STRICT, bytes)).isEqualTo(after(6, bytes));
    assertThat(pack(Format.OTA, false, STRICT, bytes)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "ea", "ea05", "7f454c46", "1f8b"})
  void otherImagesAreRefused(String image) {
    byte[] bytes = Vectors.HEX.parseHex(image);

    assertThatThrownBy(() -> pack(Format.RAW, false, STRICT, bytes))
        .hasMessageContaining("no ROM image of an ESP");
    assertThatThrownBy(() -> pack(Format.OTA, false, STRICT, bytes))
        .hasMessageContaining("no ROM image of an ESP");
  }

  @Test
  void theDeviceCountsTheTopicToARawImage() throws Exception {
    int largest = 1000 - 2 - RELEASE.topic().length();
    ImageRules rules = new ImageRules(1 << 20, 1000, false);

    assertThat(pack(Format.RAW, false, rules, new byte[largest])).hasSize(largest + 1);
    assertTooLarge("has 1000", () -> pack(Format.RAW, false, rules, new byte[largest + 1]));
    assertThat(pack(Format.OTA, false, rules, new byte[1000])).isNotEmpty();
    assertTooLarge("has 1000", () -> pack(Format.OTA, false, rules, new byte[1001]));
  }

  @Test
  void theMessageIsBounded() throws Exception {
    ImageRules rules = new ImageRules(100, SLOT, false);

    assertThat(pack(Format.RAW, false, rules, new byte[99])).hasSize(100);
    assertTooLarge("of 101 bytes", () -> pack(Format.RAW, false, rules, new byte[100]));
    assertTooLarge("of 130 bytes", () -> pack(Format.OTA, false, rules, new byte[89]));
  }

  private interface Packing {
    byte[] pack() throws Exception;
  }

  private static void assertTooLarge(String why, Packing packing) {
    assertThatThrownBy(packing::pack)
        .isInstanceOfSatisfying(
            UpdateException.class,
            e -> assertThat(e.failure().code()).isEqualTo(FailureCode.IMAGE_TOO_LARGE))
        .hasMessageContaining(why);
  }

  @Test
  void anImageThatIsGoneIsTold() throws IOException {
    Path file = Files.write(directory.resolve("gone"), ROM);
    var image = FirmwareImages.verified(file);
    Files.delete(file);
    Packaging raw = new Packaging(Format.RAW, false, Optional.empty(), 0);
    Packager packager = new Packager(raw, LENIENT, at(0), notRandom(Arrays.copyOf(ROM, 0)));

    assertThatThrownBy(() -> packager.pack(RELEASE, image))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void aChangedImageIsNotPacked() throws Exception {
    FirmwareImage image = FirmwareImages.verified(Files.write(directory.resolve("image"), ROM));
    FirmwareImages.change(image);
    Packager packager =
        new Packager(
            new Packaging(Format.RAW, false, Optional.empty(), 0x2000),
            LENIENT,
            at(Vectors.UNIX_MILLIS),
            notRandom(Vectors.streamHeader()));

    assertThatThrownBy(() -> packager.pack(RELEASE, image))
        .isInstanceOfSatisfying(
            UpdateException.class,
            e -> assertThat(e.failure().code()).isEqualTo(FailureCode.DIGEST_MISMATCH));
  }
}
