package io.github.childconnector.simulation;

import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.simulation.Scenario.Trait;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/** What is wrong once all is over. */
final class Verdict {
  private static final String IMAGE = "[0-9a-f]{64}";

  /** How long the same end is not told again. */
  private static final Duration SETTLING = Duration.ofSeconds(2);

  private final World world;
  private final FakeDisk disk;
  private final Scenario scenario;
  private final List<String> contradictions;
  private final List<String> lost = new ArrayList<>();
  private final List<String> leaks = new ArrayList<>();

  Verdict(World world, FakeDisk disk) {
    this.world = world;
    this.disk = disk;
    this.scenario = world.scenario();
    this.contradictions = new ArrayList<>(world.problems());
    scenario.ids().forEach(this::operation);
    order();
    scenario.children().forEach(this::device);
    pauses();
    journal();
    files();
  }

  List<String> all() {
    return Stream.of(contradictions, lost, leaks).flatMap(List::stream).toList();
  }

  void count(Tally tally) {
    tally.add(Count.OPERATIONS, scenario.ids().size());
    tally.add(Count.FLASHES, world.flashes());
    tally.add(Count.CONTRADICTIONS, contradictions.size());
    tally.add(Count.LOST, lost.size());
    tally.add(Count.LEAKS, leaks.size());
  }

  private List<Told> ends(String id) {
    return world.heard().stream().filter(told -> told.isEnd() && told.id().equals(id)).toList();
  }

  private void operation(String id) {
    List<Told> ends = ends(id);
    if (ends.isEmpty()) {
      lost.add(id + " is lost");
    }
    if (ends.stream().map(Told::text).distinct().count() > 1) {
      contradictions.add(id + " was told to have ended in two ways: " + ends);
    }
    ends.stream()
        .map(Told::words)
        .distinct()
        .filter(words -> !isAllowed(id, words))
        .forEach(words -> contradictions.add(id + " ended as " + words));
  }

  /** Whoever finds an installation begun by another life cannot know how far it came. */
  private boolean isAllowed(String id, String words) {
    boolean wasCutOff =
        words.equals("failed interrupted") && !scenario.is(Trait.REPEATABLE) && world.wasCutOff(id);
    boolean wasRefused =
        world.wereImagesRefused()
            && (words.equals("failed disk-full") || words.equals("failed storage-failed"));
    return scenario.mayEnd(id, words) || wasCutOff || wasRefused;
  }

  private void order() {
    Set<String> ended = new HashSet<>();
    for (Told told : world.heard()) {
      if (told.isEnd()) {
        ended.add(told.id());
      } else if (ended.contains(told.id())) {
        contradictions.add(told.id() + " was told to go on after its end");
      }
    }
  }

  /** What was said of the last operation of a device must be so. */
  private void device(ChildId child) {
    String version = world.device(child).version(world.now());
    if (world.device(child).isAtWork(world.now())) {
      leaks.add("a program is still at work on " + child);
    }
    List<String> ids =
        scenario.requests().stream()
            .filter(request -> request.child().equals(child))
            .map(Scenario.Request::id)
            .distinct()
            .toList();
    List<Told> last = ends(ids.get(ids.size() - 1));
    Optional<String> said = last.isEmpty() ? Optional.empty() : said(last.get(0));
    if (said.isPresent() && !said.get().equals(version)) {
      contradictions.add(child + " runs " + version + ", and not " + said.get() + " as was said");
    }
  }

  private Optional<String> said(Told end) {
    if (end.isSuccess()) {
      return Optional.of(scenario.version(end.id()));
    }
    // Such a device comes up when it likes.
    return scenario.is(Trait.LATE) ? Optional.empty() : end.held();
  }

  /** Otherwise thin-edge's firmware plugin may turn a success into a failure. */
  private void pauses() {
    world
        .tellings()
        .forEach(
            (id, times) -> {
              for (int i = 1; i < times.size(); i++) {
                long pause = times.get(i) - times.get(i - 1);
                if (pause < SETTLING.toNanos()) {
                  contradictions.add(
                      id + " was told to have ended again after " + pause / 1_000_000 + " ms");
                }
              }
            });
  }

  private void journal() {
    try {
      Journal.Contents contents = new Journal(Life.OPERATIONS, disk, InstantSource.system()).read();
      contents.damaged().forEach(name -> leaks.add(name + " is damaged"));
      contents.entries().stream()
          .filter(entry -> !entry.stage().isEnd() || !entry.reported())
          .map(Verdict::unfinished)
          .forEach(lost::add);
    } catch (IOException e) {
      lost.add("the journal cannot be read: " + e);
    }
  }

  private static String unfinished(JournalEntry entry) {
    return "%s: the journal has it as %s, reported=%s"
        .formatted(entry.key().id(), entry.stage().word(), entry.reported());
  }

  private void files() {
    disk.files().keySet().stream()
        .map(Verdict::name)
        .filter(name -> !name.endsWith(".json") && !name.matches(IMAGE))
        .forEach(name -> leaks.add(name + " is left"));
  }

  /** Images whose bytes are not those of their name, on a disk that a power cut has left. */
  static List<String> spoiltImages(FakeDisk disk) {
    return disk.files().entrySet().stream()
        .filter(file -> name(file.getKey()).matches(IMAGE))
        .filter(file -> !name(file.getKey()).equals(DigestUtils.sha256Hex(file.getValue().array())))
        .map(file -> name(file.getKey()) + " has not its bytes")
        .toList();
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
