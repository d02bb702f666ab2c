package io.github.childconnector.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import io.github.childconnector.journal.Effort.Limit;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The cost of an operation, and how its file tells it to the next process, of any version. */
class EffortTest {
  private static final Duration LONG = Duration.ofMinutes(12).plusMillis(5);

  private static final JournalEntry ENTRY =
      JournalEntry.accepted(
          new FirmwareUpdate(
              new OperationKey(new ChildId("plc"), "op"),
              new Firmware("fw", "2"),
              new Sha256("ab".repeat(32)),
              "http://x"),
          1,
          Instant.EPOCH);

  private static String text(JournalEntry entry) {
    return new String(EntryFormat.write(entry), StandardCharsets.UTF_8);
  }

  private static JournalEntry read(String text) {
    return EntryFormat.read(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyLimitIsFoundAgain() {
    for (Limit limit : Limit.values()) {
      JournalEntry entry = ENTRY.with(new Effort(3, Map.of(limit, LONG)));
      assertThat(read(text(entry))).isEqualTo(entry);
    }
  }

  @Test
  void theFormatIsAsDocumented() {
    Effort effort =
        new Effort(
            1,
            Map.of(
                Limit.INSTALL, Duration.ofMinutes(12),
                Limit.CONFIRM, Duration.ofMillis(500),
                Limit.BUSY, Duration.ZERO));
    assertThat(JsonParser.parseString(text(ENTRY.with(effort))).getAsJsonObject().get("elapsed"))
        .isEqualTo(JsonParser.parseString("{\"install\": \"PT12M\", \"confirm\": \"PT0.5S\"}"));
  }

  @Test
  void anEntryOfAnEarlierVersionHasCostNothing() {
    assertThat(text(ENTRY)).doesNotContain("elapsed");
    assertThat(read(text(ENTRY)).effort()).isEqualTo(Effort.NONE);
  }

  @Test
  void aLimitOfALaterVersionIsLeftOut() {
    JournalEntry entry = ENTRY.with(new Effort(0, Map.of(Limit.INSTALL, LONG)));
    String later = text(entry).replace("\"install\"", "\"warm_up\": 7, \"install\"");
    assertThat(read(later)).isEqualTo(entry);
  }

  @Test
  void lessThanNothingIsRefused() {
    assertThatThrownBy(() -> new Effort(0, Map.of(Limit.BUSY, Duration.ofNanos(-1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lessThanAMillisecondIsNothing() {
    Effort effort = new Effort(0, Map.of(Limit.BUSY, Duration.ofNanos(999_999)));
    assertThat(effort).isEqualTo(Effort.NONE);
  }

  @Test
  void theLongestDifferenceIsInEffect() {
    Effort before = new Effort(0, Map.of(Limit.BUSY, LONG));
    Effort after = new Effort(0, Map.of(Limit.BUSY, LONG.plusSeconds(2), Limit.INSTALL, LONG));
    assertThat(after.exceeds(before)).isEqualTo(LONG);
    assertThat(before.exceeds(before)).isZero();
    assertThat(Effort.NONE.exceeds(before)).isZero();
  }

  @Test
  void aStageKeepsWhatItCostToComeThere() {
    Effort effort = new Effort(0, Map.of(Limit.BUSY, LONG)).interrupted();
    assertThat(effort.interruptions()).isOne();
    assertThat(ENTRY.with(effort).markReported(true).effort()).isEqualTo(effort);
  }
}
