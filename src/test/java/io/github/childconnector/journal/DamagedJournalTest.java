package io.github.childconnector.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.ForwardingDisk;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever lies in the journal's directory, the others are served. */
class DamagedJournalTest {
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05.123Z");
  private static final ChildId PLC = new ChildId("plc");
  private static final OperationKey BAD = new OperationKey(PLC, "bad");
  private static final OperationKey GOOD = new OperationKey(PLC, "good");

  @TempDir Path directory;

  @BeforeEach
  void fill() throws IOException {
    Journal journal = journal(new LocalDisk());
    journal.open(List.of());
    journal.write(accepted(BAD));
    journal.write(accepted(GOOD));
  }

  private Journal journal(Disk disk) {
    return new Journal(directory, disk, InstantSource.fixed(NOW));
  }

  private static JournalEntry accepted(OperationKey key) {
    FirmwareUpdate update =
        new FirmwareUpdate(key, new Firmware("fw", "2"), new Sha256("ab".repeat(32)), "http://x");
    return JournalEntry.accepted(update, 1, NOW);
  }

  private Path file(OperationKey key) {
    return directory.resolve(EntryFormat.name(key));
  }

  private Path aside(Path file) {
    return file.resolveSibling(file.getFileName() + Journal.DAMAGED_SUFFIX);
  }

  /** The damages that a power cut, a worn card, another version or a hand may do to a file. */
  private static Map<String, byte[]> damages() {
    byte[] whole = EntryFormat.write(accepted(BAD));
    String text = new String(whole, StandardCharsets.UTF_8);
    byte[] noise = new byte[whole.length];
    new Random(7).nextBytes(noise);
    byte[] notUtf8 = whole.clone();
    notUtf8[text.indexOf("http") + 1] = (byte) 0xff;
    OperationKey other = new OperationKey(new ChildId("other"), BAD.id());
    Map<String, byte[]> damages = new LinkedHashMap<>();
    for (int length = 0; length < whole.length; length += 9) {
      damages.put("cut after " + length + " bytes", Arrays.copyOf(whole, length));
      damages.put("zeros behind " + length + " bytes", zeros(whole, length));
    }
    damages.put("noise", noise);
    damages.put("not UTF-8", notUtf8);
    damages.put("10 MiB", Arrays.copyOf(whole, 10 << 20));
    damages.put("deep", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8));
    damages.put(
        "of a later version",
        text.replace("\"schema\": 1", "\"schema\": 2").getBytes(StandardCharsets.UTF_8));
    damages.put(
        "half an interruption", replaced(text, "interruptions\": 0", "interruptions\": 0.5"));
    damages.put("a time that is none", elapsed(text, "{\"install\": \"soon\"}"));
    damages.put("a time below nothing", elapsed(text, "{\"install\": \"PT-1S\"}"));
    damages.put("times that are none", elapsed(text, "7"));
    damages.put("no boolean", replaced(text, "told\": false", "told\": \"no\""));
    damages.put("no requests", replaced(text, "\"requests\"", "\"was\""));
    damages.put("a request of nobody", replaced(text, "\"requester\"", "\"was\""));
    damages.put("no number", replaced(text, "sequence\": ", "sequence\": true, \"was\": "));
    damages.put("no text", replaced(text, "\"version\": \"", "\"version\": 2, \"was\": \""));
    damages.put("no request", replaced(text, "\"request\"", "\"was\""));
    damages.put("no stage of this program", replaced(text, "\"stage\": \"", "\"stage\": \"x"));
    damages.put("no steps", replaced(text, "\"history\": [", "\"history\": [7, "));
    damages.put("of another child", EntryFormat.write(accepted(other)));
    damages.put("of another operation", EntryFormat.write(accepted(GOOD)));
    damages.put("twice", (text + text).getBytes(StandardCharsets.UTF_8));
    return damages;
  }

  private static byte[] elapsed(String text, String times) {
    return replaced(text, "\"history\"", "\"elapsed\": " + times + ", \"history\"");
  }

  private static byte[] replaced(String text, String what, String by) {
    assertThat(text).contains(what);
    return text.replace(what, by).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] zeros(byte[] whole, int from) {
    byte[] spoilt = whole.clone();
    Arrays.fill(spoilt, from, spoilt.length, (byte) 0);
    return spoilt;
  }

  @TestFactory
  Stream<DynamicTest> aDamagedFileFailsItsOperationAndNoOther() {
    return damages().entrySet().stream()
        .map(damage -> DynamicTest.dynamicTest(damage.getKey(), () -> check(damage.getValue())));
  }

  private void check(byte[] damage) throws IOException {
    Files.write(file(BAD), damage);

    List<JournalEntry> entries = journal(new LocalDisk()).open(List.of(PLC));

    assertThat(entries).hasSize(2).contains(accepted(GOOD).abridged());
    JournalEntry failed = journal(new LocalDisk()).find(BAD).orElseThrow();
    assertThat(failed.stage()).isEqualTo(Stage.FAILED);
    assertThat(failed.reported()).isFalse();
    assertThat(failed.failure().orElseThrow().reason()).startsWith("storage-failed: ");
    byte[] kept = Files.readAllBytes(aside(file(BAD)));
    assertThat(kept).isEqualTo(Arrays.copyOf(damage, Math.min(damage.length, 1 << 20)));
  }

  @Test
  void foreignFilesAreLeftAloneOrSetAside() throws IOException {
    Files.writeString(directory.resolve("README"), "hands off");
    Files.writeString(directory.resolve("notes.json"), "{}");
    Files.write(directory.resolve("copy.json"), EntryFormat.write(accepted(GOOD)));
    Files.createDirectory(directory.resolve("directory.json"));
    Files.writeString(directory.resolve("x.json.tmp"), "{");

    assertThat(journal(new LocalDisk()).open(List.of(PLC)))
        .containsExactly(accepted(BAD).abridged(), accepted(GOOD).abridged());

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "README",
              "notes.json.damaged",
              "copy.json.damaged",
              "directory.json",
              EntryFormat.name(BAD),
              EntryFormat.name(GOOD));
    }
  }

  @Test
  void whatWasSetAsideBeforeDoesNotHinder() throws IOException {
    Files.writeString(aside(file(BAD)), "earlier");
    Files.writeString(file(BAD), "later");

    assertThat(journal(new LocalDisk()).open(List.of(PLC))).hasSize(2);

    assertThat(aside(file(BAD))).hasContent("later");
  }

  /** A disk on which one file cannot be read, or nothing be written. */
  private static final class WornDisk extends ForwardingDisk {
    private final String unreadable;
    private final boolean full;

    private WornDisk(String unreadable, boolean full) {
      this.unreadable = unreadable;
      this.full = full;
    }

    @Override
    public InputStream read(Path file) throws IOException {
      if (file.endsWith(unreadable)) {
        throw new IOException("Input/output error");
      }
      return super.read(file);
    }

    @Override
    public Output create(Path file) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      return super.create(file);
    }
  }

  @Test
  void aFileThatCannotBeReadIsHeldAndTheOthersAreServed() throws IOException {
    Journal journal = journal(new WornDisk(EntryFormat.name(BAD), false));

    assertThat(journal.open(List.of(PLC))).containsExactly(accepted(GOOD).abridged());

    assertThat(journal.isHeld(BAD)).isTrue();
    assertThat(journal.isHeld(GOOD)).isFalse();
    assertThat(journal.isHeld(new OperationKey(PLC, "unknown"))).isFalse();
    assertThat(journal.read(ended -> {}).unreadable()).containsExactly(EntryFormat.name(BAD));
    assertThat(file(BAD)).hasBinaryContent(EntryFormat.write(accepted(BAD)));
    assertThat(journal(new LocalDisk()).open(List.of(PLC))).hasSize(2);
  }

  @Test
  void aFileThatCannotBeReadDoesNotHinderForgetting() throws IOException {
    Journal journal = journal(new WornDisk(EntryFormat.name(BAD), false));
    journal.forget(PLC, 1);
    assertThat(file(BAD)).exists();
  }

  @Test
  void aFileThatCannotBeSetAsideIsLeftForTheNextStart() throws IOException {
    Files.writeString(file(BAD), "torn");

    assertThat(journal(new WornDisk("", true)).open(List.of(PLC)))
        .containsExactly(accepted(GOOD).abridged());

    assertThat(file(BAD)).hasContent("torn");
    assertThat(journal(new LocalDisk()).open(List.of(PLC))).hasSize(2);
  }

  @Test
  void aDirectoryInTheWayIsHeld() throws IOException {
    Files.delete(file(BAD));
    Files.createDirectory(file(BAD));
    assertThat(journal(new LocalDisk()).open(List.of(PLC)))
        .containsExactly(accepted(GOOD).abridged());
    assertThat(journal(new LocalDisk()).isHeld(BAD)).isTrue();
  }
}
