package io.github.childconnector.journal;

import com.google.gson.JsonParseException;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operations that have ended and whose end was told: a directory for each child, which nobody
 * opens at a start, however many there are. The requests that were refused lie apart, so that any
 * number of them pushes out no operation that was carried out.
 *
 * <pre>
 * ended/3d5f0d4c9be3a1f2/0000000000000000007.tLrLthPXksKbqRqIsrDmy.json
 * refused/3d5f0d4c9be3a1f2/0000000000000000008.8sKbqRqIsrDmytLrLthPX.json
 * </pre>
 *
 * <p>A directory has the 16 digits by which a child's files are named in the journal, a file the
 * number of its operation in the order of acceptance.
 */
public final class Archive {
  /**
   * How many refusals of a child are remembered. The same request would be refused again, so they
   * are kept for people to look at.
   */
  public static final int KEPT_REFUSALS = 50;

  /**
   * How many names of a child's files are in memory at a time: all, unless storage.history is much
   * larger than by default, or an earlier version has forgotten nothing.
   */
  static final int PAGE = 1000;

  private static final System.Logger LOG = System.getLogger(Archive.class.getName());

  private final Path journal;
  private final Disk disk;
  private final EntryFiles files;

  private enum Kind {
    ENDED("ended"),
    REFUSED("refused");

    private final String directory;

    Kind(String directory) {
      this.directory = directory;
    }
  }

  Archive(Path journal, Disk disk) {
    this.journal = journal;
    this.disk = disk;
    this.files = new EntryFiles(disk);
  }

  /**
   * Takes a file out of the journal. A power cut may undo that, so whoever opens the journal does
   * it again.
   *
   * @throws NoSuchFileException it is not there, perhaps because the whole journal is away; nothing
   *     is made in its place, which would pass for an empty one
   */
  void take(Path file, JournalEntry entry) throws IOException {
    if (!disk.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    Path directory = place(entry.isRefusal() ? Kind.REFUSED : Kind.ENDED, entry.key().child());
    disk.createDirectory(directory);
    disk.rename(file, directory.resolve(name(entry)));
  }

  private static String name(JournalEntry entry) {
    return "%019d.%s.json".formatted(entry.sequence(), entry.key().id());
  }

  private Path place(Kind kind, ChildId child) {
    return journal.resolve(kind.directory).resolve(child.digits());
  }

  /** The file of an operation, if it is here. */
  Optional<Path> find(OperationKey key) throws IOException {
    String rest = "." + key.id() + ".json";
    Page latest = Page.newest(1);
    visit(
        key.child(),
        file ->
            name(file).substring(name(file).indexOf('.')).equals(rest) ? latest.add(file) : true);
    return latest.last();
  }

  /** Hands over the files of a child in no order. */
  private void visit(ChildId child, Disk.Visitor visitor) throws IOException {
    for (Kind kind : Kind.values()) {
      visit(place(kind, child), visitor);
    }
  }

  private void visit(Path directory, Disk.Visitor visitor) throws IOException {
    try {
      disk.visit(directory, visitor);
    } catch (NoSuchFileException e) {
      LOG.log(Level.DEBUG, "Nothing has ended in {0}", directory);
    }
  }

  /** Hands over the files of a child page by page, each read after the one before. */
  private void visit(ChildId child, Page first, Disk.Visitor visitor) throws IOException {
    boolean goesOn = true;
    for (Page page = first; goesOn; page = page.next()) {
      visit(child, page::add);
      goesOn = page.isFull();
      for (Path file : page.files()) {
        if (!visitor.visit(file)) {
          return;
        }
      }
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /**
   * Reads one of its files.
   *
   * @throws JsonParseException it is damaged, or has the name of another operation
   */
  JournalEntry read(Path file) throws IOException {
    JournalEntry entry = files.read(file);
    if (!name(entry).equals(name(file))) {
      throw new JsonParseException("the file has the name of another operation");
    }
    return entry;
  }

  /**
   * Reads the operations of a child, one at a time, in the order of acceptance.
   *
   * @return the names of the files that cannot be read
   */
  public List<String> read(ChildId child, Consumer<JournalEntry> each) throws IOException {
    List<String> unreadable = new ArrayList<>();
    visit(
        child,
        Page.oldest(PAGE),
        file -> {
          try {
            each.accept(read(file));
          } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "Forgotten meanwhile: {0}", file);
          } catch (IOException | JsonParseException e) {
            unreadable.add(name(file));
          }
          return true;
        });
    return unreadable;
  }

  /** The latest operation of a child that is such a one and can be read. */
  public Optional<JournalEntry> last(ChildId child, Predicate<JournalEntry> kind)
      throws IOException {
    List<JournalEntry> found = new ArrayList<>();
    visit(
        child,
        Page.newest(PAGE),
        file -> {
          readable(file).filter(kind).ifPresent(found::add);
          return found.isEmpty();
        });
    return found.stream().findFirst();
  }

  /** The last update of a child that was successful; empty if none is remembered. */
  public Optional<JournalEntry> lastSuccess(ChildId child) throws IOException {
    return last(child, entry -> entry.stage() == Stage.SUCCESSFUL);
  }

  private Optional<JournalEntry> readable(Path file) {
    try {
      return Optional.of(read(file));
    } catch (JsonParseException | IOException e) {
      return Optional.empty();
    }
  }

  /** Forgets the oldest, so that {@code keep} operations and some refusals of a child are left. */
  void forget(ChildId child, int keep) throws IOException {
    deleteOldest(place(Kind.ENDED, child), keep);
    deleteOldest(place(Kind.REFUSED, child), KEPT_REFUSALS);
  }

  private void deleteOldest(Path directory, int keep) throws IOException {
    Page kept = Page.newest(keep);
    visit(directory, kept::add);
    if (kept.isOverfull()) {
      visit(
          directory,
          file -> {
            // Not what has come meanwhile.
            if (kept.isBehind(file)) {
              disk.delete(file);
            }
            return true;
          });
    }
  }

  /** The largest number of an operation in the order of acceptance. */
  long lastSequence() throws IOException {
    LongAccumulator last = new LongAccumulator(Math::max, 0);
    for (Path directory : directories()) {
      visit(
          directory,
          file -> {
            last.accumulate(sequence(name(file)));
            return true;
          });
    }
    return last.get();
  }

  private static long sequence(String name) {
    try {
      return Long.parseLong(name.substring(0, Math.max(0, name.indexOf('.'))));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private List<Path> directories() throws IOException {
    return Stream.concat(
            disk.directories(journal.resolve(Kind.ENDED.directory)).stream(),
            disk.directories(journal.resolve(Kind.REFUSED.directory)).stream())
        .toList();
  }

  /** The children that have operations here, and are not among those. */
  public Set<ChildId> others(Collection<ChildId> known) throws IOException {
    Set<String> theirs = known.stream().map(ChildId::digits).collect(Collectors.toSet());
    return directories().stream()
        .filter(directory -> !theirs.contains(name(directory)))
        .flatMap(directory -> child(directory).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Optional<ChildId> child(Path directory) {
    List<JournalEntry> found = new ArrayList<>();
    try {
      visit(
          directory,
          file -> {
            readable(file).ifPresent(found::add);
            return found.isEmpty();
          });
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "Whose operations lie in {0} cannot be read", directory);
    }
    return found.stream().findFirst().map(entry -> entry.key().child());
  }
}
