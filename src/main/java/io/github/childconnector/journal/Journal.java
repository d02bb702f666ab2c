package io.github.childconnector.journal;

import com.google.gson.JsonParseException;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Request;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The operations this connector knows, a file each: those that are under way or have yet to be told
 * in one directory, the others in the {@link Archive} below it. What {@link #write} has returned
 * for survives a power cut. Used by one process at a time, by any of its threads.
 */
public final class Journal {
  /** The suffix for the name of a file that could not be read. */
  public static final String DAMAGED_SUFFIX = ".damaged";

  private static final System.Logger LOG = System.getLogger(Journal.class.getName());

  private final Path directory;
  private final Disk disk;
  private final InstantSource time;
  private final EntryFiles entries;
  private final EntryDirectory underWay;
  private final Archive archive;
  private final Numbers numbers;
  private final Mismatches mismatches;

  /** A journal in this directory, which {@link #open} creates. */
  public Journal(Path directory, Disk disk, InstantSource time) {
    this.directory = directory;
    this.disk = disk;
    this.time = time;
    this.entries = new EntryFiles(disk);
    this.underWay = new EntryDirectory(directory, disk);
    this.archive = new Archive(directory, disk);
    this.mismatches = new Mismatches(directory.resolve(Mismatches.FILE), disk);
    this.numbers = new Numbers(directory.resolve(Numbers.FILE), disk);
  }

  /**
   * The work that is left to a connector: the operations under way, and those whose end nobody was
   * told for certain.
   *
   * @param entries in the order of acceptance; those that are queued {@linkplain
   *     JournalEntry#abridged abridged}, since there may be thousands
   * @param damaged the names of the files that hold no entry, or another operation's
   * @param unreadable the names of the files that cannot be read at all
   */
  public record Contents(
      List<JournalEntry> entries, List<String> damaged, List<String> unreadable) {}

  /**
   * Creates the directory, removes half-written files, and reads what is yet to be done. What has
   * ended and was told is not read, however much it is. A damaged file is set aside, with {@value
   * #DAMAGED_SUFFIX} behind its name, and its operation recorded as failed if its name tells which
   * one of {@code children} it belongs to. A file that cannot be read, or not set aside, is left
   * for the next start: it must not keep the others from theirs.
   *
   * @return the operations of {@link #read} in the order of acceptance
   */
  public List<JournalEntry> open(Collection<ChildId> children) throws IOException {
    disk.createDirectory(directory);
    underWay.removeTemporary();
    // What an earlier process had not forced out when it was killed is read, and would be told.
    disk.forceDirectory(directory);
    Contents contents = new Tidying(underWay, archive).run();
    List<JournalEntry> open = new ArrayList<>(contents.entries());
    for (String name : contents.damaged()) {
      Optional<OperationKey> key = EntryFormat.key(name, children);
      replaceIfPossible(directory.resolve(name), key).ifPresent(open::add);
    }
    open.sort(EntryDirectory.IN_ORDER);
    continueNumbers(open);
    return List.copyOf(open);
  }

  private static boolean isDone(JournalEntry entry) {
    return entry.stage().isEnd() && entry.reported();
  }

  private void continueNumbers(List<JournalEntry> open) throws IOException {
    long used = open.isEmpty() ? 0 : open.get(open.size() - 1).sequence();
    OptionalLong recorded = numbers.recorded();
    // From an earlier version, or damaged: then they are looked for.
    long others = recorded.isPresent() ? recorded.getAsLong() : archive.lastSequence();
    numbers.continueAfter(Math.max(used, others));
  }

  /**
   * Returns a number above all that were ever given to an operation, also by earlier processes. To
   * be called by one thread at a time.
   */
  public long nextSequence() throws IOException {
    return numbers.next();
  }

  private Optional<JournalEntry> replaceIfPossible(Path file, Optional<OperationKey> key) {
    try {
      return replaceDamaged(file, key);
    } catch (IOException e) {
      LOG.log(
          Level.ERROR,
          "The journal file {0} is damaged and cannot be set aside ({1}); its operation waits for"
              + " the next start",
          file,
          FileTrouble.sentence(e));
      return Optional.empty();
    }
  }

  private Optional<JournalEntry> replaceDamaged(Path file, Optional<OperationKey> key)
      throws IOException {
    Path aside = directory.resolve(file.getFileName() + DAMAGED_SUFFIX);
    LOG.log(
        Level.ERROR,
        "The journal file {0} cannot be read and was set aside as {1}; {2}",
        file,
        aside.getFileName(),
        key.isPresent() ? "its operation is reported as failed " + key.get() : "look into it");
    entries.copy(file, aside);
    Optional<JournalEntry> failed =
        key.map(known -> new Request(Request.ANYBODY, known))
            .map(request -> JournalEntry.refused(request, 0, damage(aside), time.instant()));
    if (failed.isPresent()) {
      write(failed.get());
    }
    if (failed.isEmpty() || !file(failed.get().key()).equals(file)) {
      disk.delete(file);
    }
    return failed;
  }

  private static Failure damage(Path aside) {
    return new Failure(
        FailureCode.STORAGE_FAILED,
        "The record of this operation was damaged (set aside as "
            + aside.getFileName()
            + "), so what became of it is not known. Check which version the device runs, then send"
            + " the update again.");
  }

  /**
   * Reads what is yet to be done and changes nothing, so that another process may look.
   *
   * @param ended takes, one by one and in no order, what has ended and was told but was not put
   *     away yet: an earlier version may have left more of them than fit into memory
   */
  public Contents read(Consumer<JournalEntry> ended) throws IOException {
    return underWay
        .read(
            (file, entry) -> {
              if (isDone(entry)) {
                ended.accept(entry);
              }
              return isDone(entry);
            })
        .contents();
  }

  /** The operations that have ended and were told. */
  public Archive archive() {
    return archive;
  }

  /** The images that were not what their requests had promised. */
  public Mismatches mismatches() {
    return mismatches;
  }

  /**
   * Whether there is a file of an operation that cannot be read, although others can: what became
   * of the operation is not known here, but it was accepted once.
   */
  public boolean isHeld(OperationKey key) throws IOException {
    if (isHeld(file(key))) {
      return true;
    }
    Optional<Path> ended = archive.find(key);
    return ended.isPresent() && isHeld(ended.get());
  }

  private boolean isHeld(Path file) throws IOException {
    try {
      JournalEntry unused = entries.read(file);
      return false;
    } catch (NoSuchFileException | JsonParseException e) {
      return false;
    } catch (IOException e) {
      if (!disk.exists(file)) {
        throw e;
      }
      disk.visit(directory, other -> false);
      EntryDirectory.leave(file, e);
      return true;
    }
  }

  /**
   * Returns when the entry would survive a power cut; it replaces what was there for its key. One
   * that has ended and was told is put away.
   *
   * @throws IllegalArgumentException the entry is abridged, which would lose the rest of it
   */
  public void write(JournalEntry entry) throws IOException {
    if (entry.isAbridged()) {
      throw new IllegalArgumentException("an abridged entry is not to be written " + entry.key());
    }
    disk.replace(file(entry.key()), EntryFormat.write(entry));
    if (isDone(entry)) {
      archive.take(file(entry.key()), entry);
    }
  }

  /** Finds the entry of an operation; empty if it was never accepted, or forgotten long after. */
  public Optional<JournalEntry> find(OperationKey key) throws IOException {
    Path file = file(key);
    try {
      return Optional.of(underWay.entry(file));
    } catch (NoSuchFileException e) {
      return findInArchive(key);
    } catch (JsonParseException e) {
      return replaceDamaged(file, Optional.of(key));
    }
  }

  private Optional<JournalEntry> findInArchive(OperationKey key) throws IOException {
    Optional<Path> file = archive.find(key);
    try {
      if (file.isPresent()) {
        return Optional.of(archive.read(file.get()));
      }
    } catch (NoSuchFileException e) {
      LOG.log(Level.DEBUG, "Forgotten meanwhile {0}", key);
    } catch (JsonParseException e) {
      return replaceDamaged(file.orElseThrow(), Optional.of(key));
    }
    requireDirectory();
    return Optional.empty();
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
   * Forgets the oldest operations of a child that have ended and were told, so that {@code keep}
   * are left, and of its refused requests all but a few of the latest. To be called by one thread
   * at a time.
   */
  public void forget(ChildId child, int keep) throws IOException {
    archive.forget(child, keep);
  }

  private Path file(OperationKey key) {
    return underWay.file(key);
  }
}
