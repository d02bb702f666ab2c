package io.github.childconnector.journal;

import com.google.gson.JsonParseException;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.journal.JournalEntry.EntryFormat;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationKey;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The operations this connector knows, a file each in one directory. What {@link #write} has
 * returned for survives a power cut. Used by one process at a time, by any of its threads.
 */
public final class Journal {
  /** The suffix for the name of a file that could not be read. */
  public static final String DAMAGED_SUFFIX = ".damaged";

  private static final System.Logger LOG = System.getLogger(Journal.class.getName());
  private static final int MAX_FILE_SIZE = 1 << 20;

  private final Path directory;
  private final Disk disk;
  private final InstantSource time;

  /** A journal in this directory, which {@link #open} creates. */
  public Journal(Path directory, Disk disk, InstantSource time) {
    this.directory = directory;
    this.disk = disk;
    this.time = time;
  }

  /**
   * The contents of a journal.
   *
   * @param entries in the order of acceptance
   * @param damaged the names of the files that hold no entry, or another operation's
   * @param unreadable the names of the files that cannot be read at all
   */
  public record Contents(
      List<JournalEntry> entries, List<String> damaged, List<String> unreadable) {}

  /**
   * Creates the directory, removes half-written files, and reads the rest. A damaged file is set
   * aside, with {@value #DAMAGED_SUFFIX} behind its name, and its operation recorded as failed if
   * its name tells which one of {@code children} it belongs to. A file that cannot be read, or not
   * set aside, is left for the next start: it must not keep the others from theirs.
   *
   * @return all operations in the order of acceptance
   */
  public List<JournalEntry> open(Collection<ChildId> children) throws IOException {
    disk.createDirectory(directory);
    for (Path file : files(Disk.TEMPORARY_SUFFIX)) {
      disk.delete(file);
    }
    // What an earlier process had not forced out when it was killed is read, and would be told.
    disk.forceDirectory(directory);
    Contents contents = read();
    for (String name : contents.damaged()) {
      Optional<OperationKey> key = EntryFormat.key(name, children);
      replaceIfPossible(directory.resolve(name), key);
    }
    return contents.damaged().isEmpty() ? contents.entries() : read().entries();
  }

  private void replaceIfPossible(Path file, Optional<OperationKey> key) {
    try {
      replaceDamaged(file, key);
    } catch (IOException e) {
      LOG.log(
          Level.ERROR,
          "The journal file {0} is damaged and cannot be set aside ({1}); its operation waits for"
              + " the next start",
          file,
          FileTrouble.sentence(e));
    }
  }

  private void replaceDamaged(Path file, Optional<OperationKey> key) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + DAMAGED_SUFFIX);
    LOG.log(
        Level.ERROR,
        "The journal file {0} cannot be read and was set aside as {1}; {2}",
        file,
        aside.getFileName(),
        key.isPresent() ? "its operation is reported as failed " + key.get() : "look into it");
    keep(file, aside);
    if (key.isEmpty()) {
      disk.delete(file);
    } else {
      write(JournalEntry.refused(key.get(), 0, damage(aside), time.instant()));
    }
  }

  /** A copy, so that the operation has a file at every moment, even if this is not the last try. */
  private void keep(Path file, Path aside) throws IOException {
    try (InputStream content = disk.read(file)) {
      disk.replace(aside, content.readNBytes(MAX_FILE_SIZE));
    }
  }

  private static Failure damage(Path aside) {
    return new Failure(
        FailureCode.STORAGE_FAILED,
        "The record of this operation was damaged (set aside as "
            + aside.getFileName()
            + "), so what became of it is not known. Check which version the device runs, then send"
            + " the update again.");
  }

  /** Reads all entries and changes nothing, so that another process may look. */
  public Contents read() throws IOException {
    List<JournalEntry> entries = new ArrayList<>();
    List<String> damaged = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
    for (Path file : files(".json")) {
      try {
        entries.add(entry(file));
      } catch (JsonParseException e) {
        damaged.add(file.getFileName().toString());
      } catch (NoSuchFileException e) {
        LOG.log(Level.DEBUG, "Forgotten meanwhile: {0}", file);
      } catch (IOException e) {
        leave(file, e);
        unreadable.add(file.getFileName().toString());
      }
    }
    entries.sort(Comparator.comparingLong(JournalEntry::sequence));
    return new Contents(List.copyOf(entries), List.copyOf(damaged), List.copyOf(unreadable));
  }

  private static void leave(Path file, IOException e) {
    LOG.log(
        Level.ERROR,
        "The journal file {0} cannot be read ({1}), so its operation is neither carried out nor"
            + " answered. Make the file readable and restart the connector",
        file,
        FileTrouble.sentence(e));
  }

  /**
   * Whether there is a file of an operation that cannot be read, although others can: what became
   * of the operation is not known here, but it was accepted once.
   */
  public boolean isHeld(OperationKey key) throws IOException {
    Path file = file(key);
    try {
      bytes(file);
      return false;
    } catch (NoSuchFileException | JsonParseException e) {
      return false;
    } catch (IOException e) {
      if (!disk.exists(file)) {
        throw e;
      }
      disk.list(directory);
      leave(file, e);
      return true;
    }
  }

  /** Returns when the entry would survive a power cut; it replaces what was there for its key. */
  public void write(JournalEntry entry) throws IOException {
    disk.replace(file(entry.key()), EntryFormat.write(entry));
  }

  /** Finds the entry of an operation; empty if it was never accepted, or forgotten long after. */
  public Optional<JournalEntry> find(OperationKey key) throws IOException {
    Path file = file(key);
    try {
      return Optional.of(entry(file));
    } catch (NoSuchFileException e) {
      requireDirectory();
      return Optional.empty();
    } catch (JsonParseException e) {
      replaceDamaged(file, Optional.of(key));
      return Optional.of(entry(file));
    }
  }

  /**
   * Refuses to go on without the directory: where that is missing, a missing file says nothing of
   * its operation, for it may be back in a moment, with the file (a disk that was taken out, a
   * directory that was moved).
   */
  private void requireDirectory() throws IOException {
    long unused = disk.usableSpace(directory);
  }

  /** The directory in which the operations lie. */
  public Path directory() {
    return directory;
  }

  /**
   * Forgets the oldest ended and reported operations of a child, so that {@code keep} are left. To
   * be called by one thread at a time.
   */
  public void forget(ChildId child, int keep) throws IOException {
    List<Path> files = files(EntryFormat.suffix(child));
    if (files.size() <= keep) {
      return;
    }
    List<JournalEntry> ended = new ArrayList<>();
    for (Path file : files) {
      readable(file)
          .filter(entry -> entry.stage().isEnd() && entry.reported())
          .ifPresent(ended::add);
    }
    ended.sort(Comparator.comparingLong(JournalEntry::sequence));
    for (JournalEntry entry : ended.subList(0, Math.max(0, ended.size() - keep))) {
      disk.delete(file(entry.key()));
    }
  }

  /** Reads an entry; empty for a damaged file, which waits for whoever needs its operation. */
  private Optional<JournalEntry> readable(Path file) {
    try {
      return Optional.of(entry(file));
    } catch (JsonParseException | IOException e) {
      return Optional.empty();
    }
  }

  /** A copy of a file under another name would be its operation a second time. */
  private JournalEntry entry(Path file) throws IOException {
    JournalEntry entry = EntryFormat.read(bytes(file));
    if (!file(entry.key()).equals(file)) {
      throw new JsonParseException("the file has the name of another operation");
    }
    return entry;
  }

  private List<Path> files(String ending) throws IOException {
    return disk.list(directory).stream()
        .filter(file -> file.getFileName().toString().endsWith(ending))
        .toList();
  }

  private Path file(OperationKey key) {
    return directory.resolve(EntryFormat.name(key));
  }

  private byte[] bytes(Path file) throws IOException {
    if (disk.size(file) > MAX_FILE_SIZE) {
      throw new JsonParseException("the file is larger than any entry");
    }
    try (InputStream content = disk.read(file)) {
      return content.readAllBytes();
    }
  }
}
