package io.github.childconnector.world;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * The promises that were not kept, each in a sentence, and the checks of those that hold in every
 * world alike: one end is told, not too soon again, and the journal knows of it.
 */
@NullMarked
public final class Broken {
  /** How long the same end is not told again. */
  private static final Duration SETTLING = Duration.ofSeconds(2);

  private final List<String> contradictions = new ArrayList<>();
  private final List<String> lost = new ArrayList<>();
  private final List<String> leaks = new ArrayList<>();

  /**
   * Adds an operation of which two ends were told, or not the truth, or which was installed too
   * often.
   */
  public void contradict(String sentence) {
    contradictions.add(sentence);
  }

  /** Adds an operation whose end was not told. */
  public void lose(String sentence) {
    lost.add(sentence);
  }

  /** Adds something that was left behind. */
  public void leak(String sentence) {
    leaks.add(sentence);
  }

  public List<String> all() {
    return Stream.of(contradictions, lost, leaks).flatMap(List::stream).toList();
  }

  public void count(Tally tally) {
    tally.add(Tally.Count.CONTRADICTIONS, contradictions.size());
    tally.add(Tally.Count.LOST, lost.size());
    tally.add(Tally.Count.LEAKS, leaks.size());
  }

  /**
   * Checks that an operation has one end, and does not go on after it.
   *
   * @param said all that was said of it, in its order
   * @param text the whole of something said
   */
  public <T> void checkEnds(String id, List<T> said, Predicate<T> isEnd, Function<T, String> text) {
    List<T> ends = said.stream().filter(isEnd).toList();
    if (ends.isEmpty()) {
      lose("%s: no end was told, only %s".formatted(id, said));
      return;
    }
    if (ends.stream().map(text).distinct().count() > 1) {
      contradict("%s: two different ends were told: %s".formatted(id, ends));
    }
    if (!said.stream().dropWhile(isEnd.negate()).allMatch(isEnd)) {
      contradict("%s: goes on after its end: %s".formatted(id, said));
    }
  }

  /**
   * Checks the pauses between the times at which the end of an operation was told; where they are
   * shorter, thin-edge's firmware plugin may turn a success into a failure.
   *
   * @param times in nanoseconds, in their order
   */
  public void checkPauses(String id, List<Long> times) {
    for (int i = 1; i < times.size(); i++) {
      Duration pause = Duration.ofNanos(times.get(i) - times.get(i - 1));
      if (pause.compareTo(SETTLING) < 0) {
        contradict("%s: its end was told again after %d ms".formatted(id, pause.toMillis()));
      }
    }
  }

  /** Checks that every operation in the journal has ended and was reported, and none is damaged. */
  public void checkJournal(Path directory, Disk disk) {
    try {
      Journal journal = new Journal(directory, disk, InstantSource.system());
      for (ChildId child : journal.archive().others(List.of())) {
        journal.archive().read(child, entry -> {}).forEach(file -> leak(file + " is damaged"));
      }
      Journal.Contents contents = journal.read(ended -> {});
      contents.damaged().forEach(file -> leak("damaged in the journal: " + file));
      contents.entries().stream()
          .filter(entry -> !entry.stage().isEnd() || !entry.reported())
          .map(Broken::unfinished)
          .forEach(this::lose);
    } catch (IOException e) {
      lose("the journal cannot be read: " + e);
    }
  }

  private static String unfinished(JournalEntry entry) {
    return "%s: the journal has it as %s, reported=%s"
        .formatted(entry.key().id(), entry.stage().word(), entry.reported());
  }
}
