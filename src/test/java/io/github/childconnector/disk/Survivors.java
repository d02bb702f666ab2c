package io.github.childconnector.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.NullMarked;

/**
 * The disks that a power cut may leave of a {@link FakeDisk}, numbered from 0 (nothing but what was
 * forced out) to the last (all that was done, as if only the process had died).
 */
@NullMarked
public final class Survivors {
  private final List<Place> places = new ArrayList<>();
  private final List<Choice> choices = new ArrayList<>();
  private final Set<FakeFile> known = new HashSet<>();

  /** A directory, its names that are safe and the changes that may be lost. */
  private record Place(
      Path path, Map<String, FakeFile> forced, List<FakeDirectory.Change> pending) {}

  /** A file and what may become of it. */
  private record Choice(FakeFile file, List<Map.Entry<String, byte[]>> fates) {}

  Survivors(Map<Path, FakeDirectory> directories) {
    directories.forEach(
        (path, directory) -> {
          places.add(
              new Place(path, new TreeMap<>(directory.forced()), List.copyOf(directory.pending())));
          directory.forced().values().forEach(this::add);
          Map<String, FakeFile> made = new TreeMap<>();
          for (FakeDirectory.Change change : directory.pending()) {
            change.effect().accept(made);
            made.values().forEach(this::add);
          }
        });
  }

  private void add(FakeFile file) {
    if (known.add(file)) {
      choices.add(new Choice(file, List.copyOf(file.fates().entrySet())));
    }
  }

  /** How many there are, some of them alike. */
  public long count() {
    long count = 1;
    for (Place place : places) {
      count = Math.multiplyExact(count, 1L << place.pending.size());
    }
    for (Choice choice : choices) {
      count = Math.multiplyExact(count, choice.fates.size());
    }
    return count;
  }

  /** So many of them that differ, by their numbers: the first, the last, and others by chance. */
  public Map<Long, FakeDisk> some(int atMost, long seed) {
    Map<Long, FakeDisk> some = new LinkedHashMap<>();
    Set<Map<Path, ByteBuffer>> seen = new HashSet<>();
    for (long number : numbers(atMost, seed)) {
      FakeDisk disk = get(number).disk();
      if (seen.add(disk.files())) {
        some.put(number, disk);
      }
    }
    return some;
  }

  private List<Long> numbers(int atMost, long seed) {
    long count = count();
    List<Long> numbers = new ArrayList<>();
    Random random = new Random(seed);
    for (long i = 0; i < Math.min(count, atMost); i++) {
      boolean all = count <= atMost;
      numbers.add(all || i == 0 ? i : i == 1 ? count - 1 : Math.floorMod(random.nextLong(), count));
    }
    return numbers;
  }

  /** One of them, and in words what became of everything that was not forced out. */
  public Survivor get(long number) {
    List<String> story = new ArrayList<>();
    long rest = number;
    Map<FakeFile, byte[]> contents = new HashMap<>();
    for (Choice choice : choices) {
      int fateNumber = (int) (rest % choice.fates.size());
      Map.Entry<String, byte[]> fate = choice.fates.get(fateNumber);
      rest /= choice.fates.size();
      contents.put(choice.file, fate.getValue());
      if (choice.fates.size() > 1) {
        story.add("file " + choices.indexOf(choice) + " " + fate.getKey());
      }
    }
    return new Survivor(disk(rest, contents, story), story);
  }

  private FakeDisk disk(long kept, Map<FakeFile, byte[]> contents, List<String> story) {
    FakeDisk disk = new FakeDisk();
    long rest = kept;
    for (Place place : places) {
      disk.createDirectory(place.path);
      Map<String, FakeFile> entries = new TreeMap<>(place.forced);
      for (FakeDirectory.Change change : place.pending) {
        boolean isKept = rest % 2 == 1;
        rest /= 2;
        story.add((isKept ? "kept: " : "lost: ") + change.what());
        if (isKept) {
          change.effect().accept(entries);
        }
      }
      entries.forEach(
          (name, file) ->
              put(disk, place.path.resolve(name), contents.getOrDefault(file, new byte[0])));
    }
    return disk;
  }

  private static void put(FakeDisk disk, Path file, byte[] content) {
    try {
      disk.put(file, content.clone());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A disk after a power cut, and how it came to be. */
  public record Survivor(FakeDisk disk, List<String> story) {}
}
