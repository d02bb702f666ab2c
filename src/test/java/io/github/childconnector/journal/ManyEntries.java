package io.github.childconnector.journal;

import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process of its own, with little memory, that uses a journal in which very many operations have
 * ended; exits with 0 if it found them all.
 */
final class ManyEntries {
  private static final Instant NOW = Instant.parse("2026-11-20T15:04:05Z");
  private static final ChildId PLC = new ChildId("plc");

  /** As long as ids may be, since memory holds names. */
  private static final String ID = "x".repeat(120);

  private static final int KEPT = 100;

  private ManyEntries() {}

  /** Makes the files as an earlier version did; nobody waits until the disk has them. */
  static void make(Path directory, int count) throws IOException {
    String model = new String(EntryFormat.write(told(0)), StandardCharsets.UTF_8);
    for (int number = 1; number <= count; number++) {
      String text =
          model.replace(id(0), id(number)).replace("\"sequence\": 0", "\"sequence\": " + number);
      Files.writeString(directory.resolve(EntryFormat.name(told(number).key())), text);
    }
  }

  private static String id(int number) {
    return ID + "%08d".formatted(number);
  }

  private static JournalEntry told(int number) {
    return JournalEntry.accepted(
            new FirmwareUpdate(
                new OperationKey(PLC, id(number)),
                new Firmware("fw", "2.0"),
                new Sha256("ab".repeat(32)),
                "http://gw/image"),
            number,
            NOW)
        .enter(Stage.CHECKING, Optional.empty(), NOW)
        .enter(Stage.SUCCESSFUL, Optional.empty(), NOW)
        .markReported(true);
  }

  /** Uses the journal in a directory that has so many entries. */
  public static void main(String[] words) throws IOException {
    int count = Integer.parseInt(words[1]);
    Journal journal = new Journal(Path.of(words[0]), new LocalDisk(), InstantSource.fixed(NOW));
    AtomicInteger flat = new AtomicInteger();
    journal.read(ended -> flat.incrementAndGet());
    check("all lie among the others", flat.get() == count);
    check("none is open", journal.open(List.of(PLC)).isEmpty());
    check("numbers go on", journal.nextSequence() == count + 1);
    check("the last", journal.archive().lastSuccess(PLC).equals(Optional.of(told(count))));
    check("the first", journal.find(told(1).key()).equals(Optional.of(told(1))));
    check("others", journal.archive().others(List.of()).contains(PLC));
    check("all", inOrder(journal) == count);
    journal.forget(PLC, KEPT);
    check("some are kept", inOrder(journal) == KEPT);
    check("the latest", journal.find(told(count - KEPT + 1).key()).isPresent());
    System.out.println("All were found");
  }

  private static int inOrder(Journal journal) throws IOException {
    AtomicInteger found = new AtomicInteger();
    long[] last = {0};
    journal
        .archive()
        .read(
            PLC,
            entry -> {
              check("in order", entry.sequence() > last[0]);
              last[0] = entry.sequence();
              found.incrementAndGet();
            });
    return found.get();
  }

  private static void check(String what, boolean isTrue) {
    if (!isTrue) {
      throw new IllegalStateException(what);
    }
  }
}
