package io.github.childconnector.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;

/** A directory on a {@link FakeDisk}: the entries that were forced out, and what came since. */
@NullMarked
final class FakeDirectory {
  private final Map<String, FakeFile> present = new TreeMap<>();
  private final List<Change> pending = new ArrayList<>();
  private Map<String, FakeFile> forced = new TreeMap<>();

  /** A change of entries that a power cut may undo, alone or with others. */
  record Change(String what, Consumer<Map<String, FakeFile>> effect) {}

  Map<String, FakeFile> present() {
    return present;
  }

  Map<String, FakeFile> forced() {
    return forced;
  }

  List<Change> pending() {
    return pending;
  }

  /** The file of this name, made if it is not there. */
  FakeFile make(String name) {
    FakeFile there = present.get(name);
    if (there != null) {
      return there;
    }
    FakeFile file = new FakeFile();
    change("create " + name, entries -> entries.put(name, file));
    return file;
  }

  void rename(FakeFile file, String from, String to) {
    change(
        "rename to " + to,
        entries -> {
          entries.remove(from, file);
          entries.put(to, file);
        });
  }

  void delete(FakeFile file, String name) {
    change("delete " + name, entries -> entries.remove(name, file));
  }

  /** Takes a file of another directory for good. */
  void adopt(FakeFile file, String name) {
    present.put(name, file);
    forced.put(name, file);
  }

  /** Gives a file to another directory for good. */
  void release(String name) {
    present.remove(name);
    forced.remove(name);
  }

  private void change(String what, Consumer<Map<String, FakeFile>> effect) {
    effect.accept(present);
    pending.add(new Change(what, effect));
  }

  void force() {
    forced = new TreeMap<>(present);
    pending.clear();
  }
}
