package io.github.childconnector.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.DurationText;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tomlj.Toml;

/** Times, sizes and texts as the configuration writes them, and words that are nearly right. */
@NullMarked
final class TextFormsTest {

  @ParameterizedTest
  @CsvSource({
    "30s, 30000, 30s", "5m, 300000, 5m", "2h, 7200000, 2h", "1h30m, 5400000, 1h30m",
    "90m, 5400000, 1h30m", "1d, 86400000, 1d", "48h, 172800000, 2d", "250ms, 250, 250ms",
    "1m1ms, 60001, 1m1ms", "0s, 0, 0s", "1d1h1m1s1ms, 90061001, 1d1h1m1s1ms"
  })
  void readsAndWritesTimes(String text, long millis, String written) {
    assertThat(DurationText.parse(text)).contains(Duration.ofMillis(millis));
    assertThat(DurationText.write(Duration.ofMillis(millis))).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "5 m", "-5m", "1.5h", "5M", "30m1h", "5m5m", "1234567890s", "1y"})
  void refusesOtherTimes(String text) {
    assertThat(DurationText.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "512, 512, 512",
    "1024, 1024, 1KiB",
    "64KiB, 65536, 64KiB",
    "64MiB, 67108864, 64MiB",
    "2GiB, 2147483648, 2GiB",
    "1536MiB, 1610612736, 1536MiB",
    "3TiB, 3298534883328, 3TiB",
    "2048TiB, 2251799813685248, 2048TiB"
  })
  void readsAndWritesSizes(String text, long bytes, String written) {
    assertThat(Kinds.parseSize(text)).hasValue(bytes);
    assertThat(Kinds.writeSize(bytes)).isEqualTo(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "KiB", "64MB", "64M", "64 MiB", "-1", "1.5GiB", "64kib", "9000000000TiB"})
  void refusesOtherSizes(String text) {
    assertThat(Kinds.parseSize(text)).isEmpty();
  }

  @Test
  void writesTextsThatTomlReadsAsTheSame() {
    String text = "a\"b\\c\u0000\n\t\u007f\u0085 é😀 #";

    assertThat(Toml.parse("a = " + Text.quoted(text)).getString("a")).isEqualTo(text);
    assertThat(Toml.parse(Text.key(text) + " = 1").keySet()).containsExactly(text);
  }

  @ParameterizedTest(name = "{0} is meant to be {1}")
  @CsvSource({
    "port, port",
    "prot, port",
    "prt, port",
    "portt, port",
    "hist, host",
    "i, id",
    "ip, id",
    "xx, none",
    "passwort_fi, password_fil",
    "potr12, none"
  })
  void findsTheNearestWord(String word, String meant) {
    List<String> known = List.of("host", "port", "id", "password_fil");

    assertThat(Problem.didYouMean(word, known).orElse("none"))
        .isEqualTo(meant.equals("none") ? "none" : "did you mean \"" + meant + "\"?");
  }
}
