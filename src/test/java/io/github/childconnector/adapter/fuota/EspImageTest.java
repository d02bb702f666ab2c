package io.github.childconnector.adapter.fuota;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.fuota.management.EspImage;
import io.github.childconnector.adapter.fuota.management.EspImage.Chip;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
final class EspImageTest {
  @TempDir Path directory;

  /** Segments of 5 and 40 bytes, then checksum and SHA-256. */
  private static byte[] image() {
    return EspImages.of(segment(5), segment(40));
  }

  private static byte[] segment(int length) {
    byte[] segment = new byte[length];
    for (int i = 0; i < length; i++) {
      segment[i] = (byte) (i + length);
    }
    return segment;
  }

  private void check(byte[] bytes, long slot) throws IOException, UpdateException {
    Path file = Files.write(directory.resolve("image"), bytes);
    EspImage.requireFits(FirmwareImages.verified(file), slot);
    EspImage.read(file).requireChip(Set.of(Chip.ESP32));
  }

  private static byte[] with(int index, int value) {
    byte[] image = image();
    image[index] = (byte) value;
    return image;
  }

  @Test
  void aWholeImageIsTaken() {
    assertThatCode(() -> check(image(), 1024)).doesNotThrowAnyException();
    assertThatCode(() -> check(image(), image().length)).doesNotThrowAnyException();
  }

  @Test
  void whatFollowsTheImageIsNotItsConcern() {
    byte[] signed = Arrays.copyOf(image(), image().length + 100);
    assertThatCode(() -> check(signed, 1024)).doesNotThrowAnyException();
  }

  @Test
  void anImageThatIsLargerThanTheSlotIsRefused() {
    assertThatThrownBy(() -> check(image(), image().length - 1))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("slot_size");
  }

  @Test
  void damageIsNamed() {
    assertThatThrownBy(() -> check(with(0, 'M'), 1024)).hasMessageContaining("begin with E9");
    assertThatThrownBy(() -> check(with(1, 0), 1024)).hasMessageContaining("0 segments");
    assertThatThrownBy(() -> check(with(1, 17), 1024)).hasMessageContaining("17 segments");
    assertThatThrownBy(() -> check(with(37, 0xFF), 1024)).hasMessageContaining("checksum");
    assertThatThrownBy(() -> check(with(14, 9), 1024)).hasMessageContaining("SHA-256");
    assertThatThrownBy(() -> check(with(31, 0x7F), 1024)).hasMessageContaining("in the middle");
  }

  /** Built as an application is, with the same checksum and digest. */
  @Test
  void aBootLoaderIsRefused() {
    byte[] first = Arrays.copyOf(new byte[] {0x50}, 40);
    assertThatThrownBy(() -> check(EspImages.ofPlain(0, first, segment(40)), 1024))
        .hasMessageContaining("does not describe an application at byte 32");
  }

  @ParameterizedTest
  @CsvSource({"5, esp32c3", "9, esp32s3", "13, esp32c6", "23, esp32c5", "511, number 511"})
  void anImageForAnotherChipIsRefused(int chip, String name) throws Exception {
    byte[] first = {0x32, 0x54, (byte) 0xcd, (byte) 0xab, 1};
    byte[] image = EspImages.ofPlain(chip, first);
    assertThatThrownBy(() -> check(image, 1024))
        .hasMessageContaining(name + " and the device has esp32 (chip)");
    Path file = Files.write(directory.resolve("other"), image);
    Set<Chip> known =
        Stream.of(Chip.values()).filter(each -> each.word().equals(name)).collect(toSet());
    if (!known.isEmpty()) {
      EspImage.read(file).requireChip(known);
    }
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] image = image();
    for (int length = 0; length < image.length; length++) {
      byte[] part = Arrays.copyOf(image, length);
      assertThatThrownBy(() -> check(part, 1024))
          .as("%d bytes", length)
          .isInstanceOf(UpdateException.class);
    }
  }

  @Test
  void anyBytesAreTakenOrRefused() throws IOException {
    Random random = new Random(5);
    int taken = 0;
    for (int round = 0; round < 2000; round++) {
      byte[] image = image();
      for (int flips = random.nextInt(4); flips > 0; flips--) {
        image[random.nextInt(image.length)] = (byte) random.nextInt(256);
      }
      try {
        check(Arrays.copyOf(image, 1 + random.nextInt(image.length)), 1024);
        taken++;
      } catch (UpdateException e) {
        assertThat(e).hasMessageContaining("The image");
      }
    }
    assertThat(taken).isLessThan(2000);
  }
}
