package io.github.childconnector.power;

import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.power.Outside.Told;
import io.github.childconnector.power.Scenario.Trait;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/** What is wrong once all is over. */
public final class Verdict {
  private static final String IMAGE = "[0-9a-f]{64}";

  private final Outside outside;
  private final FakeDisk disk;
  private final Scenario scenario;

  public Verdict(Outside outside, FakeDisk disk) {
    this.outside = outside;
    this.disk = disk;
    this.scenario = outside.scenario();
  }

  int operations() {
    return Set.copyOf(scenario.ids()).size();
  }

  List<String> all() {
    return Stream.of(contradictions(), lost(), leaks()).flatMap(List::stream).toList();
  }

  /** Two ends of one operation, or one that is not true. */
  List<String> contradictions() {
    List<String> found = new ArrayList<>(outside.problems());
    for (String id : Set.copyOf(scenario.ids())) {
      Set<String> ends = Set.copyOf(outside.ends(id));
      if (ends.size() > 1) {
        found.add(id + " was told to have ended in two ways: " + ends);
      }
      ends.stream()
          .filter(end -> !isAllowed(id, end))
          .map(end -> id + " " + end)
          .forEach(found::add);
    }
    return found;
  }

  /** Whoever finds an installation begun by another life cannot know how far it came. */
  private boolean isAllowed(String id, String end) {
    boolean wasCutOff =
        end.equals("failed interrupted") && !scenario.is(Trait.REPEATABLE) && outside.wasCutOff(id);
    return scenario.ends().contains(end) || wasCutOff;
  }

  /** Operations without an end, and those that seem to go on behind theirs. */
  List<String> lost() {
    List<String> found = new ArrayList<>();
    Set<String> ended = new HashSet<>();
    for (Told told : outside.told()) {
      if (told.isEnd()) {
        ended.add(told.id());
      } else if (ended.contains(told.id())) {
        found.add(told.id() + " was told to go on after its end");
      }
    }
    scenario.ids().stream()
        .filter(id -> !ended.contains(id))
        .map(id -> id + " is lost")
        .forEach(found::add);
    return found;
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

  /** Files that should not be there. */
  List<String> leaks() {
    List<String> names = disk.files().keySet().stream().map(Verdict::name).toList();
    return Stream.concat(
            names.stream()
                .filter(name -> !name.endsWith(".json") && !name.matches(IMAGE))
                .map(name -> name + " is left"),
            unreadable())
        .toList();
  }

  private Stream<String> unreadable() {
    try {
      Journal journal = new Journal(Life.OPERATIONS, disk, InstantSource.system());
      return journal.read().damaged().stream().map(name -> name + " is damaged");
    } catch (IOException e) {
      return Stream.of("the journal cannot be read: " + e);
    }
  }
}
