package io.github.childconnector.disk;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeTextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 bytes",
    "10239, 10239 bytes",
    "10240, 10 KiB",
    "67108864, 64 MiB",
    "64000000, 61.0 MiB",
    "1610612736, 1.5 GiB"
  })
  void isReadByPeople(long bytes, String text) {
    assertThat(SizeText.of(bytes)).isEqualTo(text);
  }
}
