package io.github.childconnector.journal;

import com.google.gson.JsonParseException;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The directory of the operations that are under way or have yet to be told, a file each. */
record EntryDirectory(Path path, Disk disk) {
  private static final System.Logger LOG = System.getLogger(Journal.class.getName());

  /** The order of acceptance; of those that have lost their number, the order of their names. */
  static final Comparator<JournalEntry> IN_ORDER =
      Comparator.comparingLong(JournalEntry::sequence)
          .thenComparing(entry -> EntryFormat.name(entry.key()));

  /** Takes entries of operations that need not be kept in memory. */
  interface Ended {
    /** Takes an entry; returns whether it was one of those. */
    boolean take(Path file, JournalEntry entry);
  }

  Path file(OperationKey key) {
    return path.resolve(EntryFormat.name(key));
  }

  /** Reads an entry; a copy of a file under another name would be its operation a second time. */
  JournalEntry entry(Path file) throws IOException {
    JournalEntry entry = new EntryFiles(disk).read(file);
    if (!file(entry.key()).equals(file)) {
      throw new JsonParseException("the file has the name of another operation");
    }
    return entry;
  }

  /** Removes what an earlier process had not written to its end. */
  void removeTemporary() throws IOException {
    disk.visit(
        path,
        file -> {
          if (name(file).endsWith(Disk.TEMPORARY_SUFFIX)) {
            disk.delete(file);
          }
          return true;
        });
  }

  /** Reads the entries one by one, and remembers those that {@code ended} does not take. */
  Found read(Ended ended) throws IOException {
    Found found = new Found();
    disk.visit(
        path,
        file -> {
          if (name(file).endsWith(".json")) {
            read(file, ended, found);
          }
          return true;
        });
    return found;
  }

  private void read(Path file, Ended ended, Found found) {
    try {
      JournalEntry entry = entry(file);
      if (!ended.take(file, entry)) {
        found.open.add(entry.stage() == Stage.QUEUED ? entry.abridged() : entry);
      }
    } catch (JsonParseException e) {
      found.damaged.add(name(file));
    } catch (NoSuchFileException e) {
      LOG.log(Level.DEBUG, "Ended meanwhile: {0}", file);
    } catch (IOException e) {
      found.unreadable.put(file, e);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** Says that a file is left for the next start. */
  static void leave(Path file, IOException e) {
    LOG.log(
        Level.ERROR,
        "The journal file {0} cannot be read ({1}), so its operation is neither carried out nor"
            + " answered. Make the file readable and restart the connector",
        file,
        FileTrouble.sentence(e));
  }

  /** The entries and the troubles of one reading. */
  static final class Found {
    private final List<JournalEntry> open = new ArrayList<>();
    private final List<String> damaged = new ArrayList<>();
    private final Map<Path, IOException> unreadable = new TreeMap<>();

    /** Returns it in order, and says which files cannot be read. */
    Journal.Contents contents() {
      unreadable.forEach(EntryDirectory::leave);
      return new Journal.Contents(
          open.stream().sorted(IN_ORDER).toList(),
          damaged.stream().sorted().toList(),
          unreadable.keySet().stream().map(EntryDirectory::name).toList());
    }
  }
}
