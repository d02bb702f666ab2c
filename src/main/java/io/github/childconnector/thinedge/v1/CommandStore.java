package io.github.childconnector.thinedge.v1;

import com.google.gson.JsonParseException;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.OperationKey;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The commands whose clear was not seen yet, a file each in a directory of its own: nothing is to
 * be published on the topic of one that is not here. For the form of a file and two samples see
 * {@code CommandFile}.
 *
 * <p>Whatever a method has returned for survives a power cut. May be used by any thread of one
 * process.
 */
public final class CommandStore {
  /**
   * The most commands that are kept. Each is one that thin-edge holds retained, so more are no work
   * but a requester out of control.
   */
  public static final int MAX_COMMANDS = 10_000;

  /** The suffix for the name of a file that could not be read. */
  public static final String DAMAGED_SUFFIX = ".damaged";

  private static final System.Logger LOG = System.getLogger(CommandStore.class.getName());

  private final Path directory;
  private final Disk disk;
  private final int most;
  private int count;

  /** A store in this directory, which {@link #open} creates. */
  public CommandStore(Path directory, Disk disk) {
    this(directory, disk, MAX_COMMANDS);
  }

  CommandStore(Path directory, Disk disk, int most) {
    this.directory = directory;
    this.disk = disk;
    this.most = most;
  }

  /** Takes a command that is kept. */
  public interface Visitor {
    /** Takes it; the next one follows when this returns. */
    void visit(KeptCommand kept) throws InterruptedException;
  }

  /**
   * Creates the directory, removes half-written files, and sets damaged ones aside, with {@value
   * #DAMAGED_SUFFIX} behind their names. Whoever is asked for such a command again by its retained
   * message may put it again.
   */
  public synchronized void open() throws IOException {
    disk.createDirectory(directory);
    for (Path file : files(Disk.TEMPORARY_SUFFIX)) {
      disk.delete(file);
    }
    // What an earlier process had not forced out when it was killed is read, and would be said.
    disk.forceDirectory(directory);
    count = 0;
    for (Path file : files(CommandFile.SUFFIX)) {
      if (!isSetAside(file)) {
        count++;
      }
    }
  }

  private boolean isSetAside(Path file) {
    try {
      KeptCommand unused = read(file);
      return false;
    } catch (JsonParseException e) {
      return setAside(file, e);
    } catch (IOException e) {
      leave(file, e);
      return false;
    }
  }

  private boolean setAside(Path file, JsonParseException damage) {
    Path aside = directory.resolve(file.getFileName() + DAMAGED_SUFFIX);
    try {
      disk.renameForGood(file, aside);
    } catch (IOException e) {
      leave(file, e);
      return false;
    }
    LOG.log(
        Level.ERROR,
        "The command in {0} cannot be read ({1}) and was set aside as {2}; if it stays executing in"
            + " the cloud, send the update again",
        file,
        damage.getMessage(),
        aside.getFileName());
    return true;
  }

  private static void leave(Path file, IOException e) {
    LOG.log(
        Level.ERROR,
        "The command in {0} cannot be read ({1}), so nothing is said of it. Make the file readable"
            + " and restart the connector",
        file,
        FileTrouble.sentence(e));
  }

  /**
   * Keeps a command that arrived. One that is kept already stays as it is, with what was said of
   * it.
   *
   * @return false if there are too many, so that it is not kept
   */
  public synchronized boolean put(OperationKey key, Command command) throws IOException {
    Path file = file(key);
    if (disk.exists(file)) {
      return true;
    }
    if (count >= most) {
      LOG.log(
          Level.WARNING,
          "No more than {0} commands are kept in {1}; see who sends them, and clear their topics {2}",
          Integer.toString(most),
          directory,
          key);
      return false;
    }
    write(new KeptCommand(key, command, Optional.empty()));
    count++;
    return true;
  }

  /** Finds a command; empty if its clear was seen, or it never came. */
  public synchronized Optional<KeptCommand> find(OperationKey key) throws IOException {
    try {
      return Optional.of(read(file(key)));
    } catch (NoSuchFileException e) {
      // Where the directory is missing, a missing file says nothing of its command.
      long unused = disk.usableSpace(directory);
      return Optional.empty();
    } catch (JsonParseException e) {
      if (setAside(file(key), e)) {
        count--;
      }
      return Optional.empty();
    }
  }

  /**
   * Notes what is to be said of a command, before it is published.
   *
   * @return false if the command is not kept (any more), so that nothing is to be published
   */
  public synchronized boolean said(OperationKey key, CommandState state) throws IOException {
    Optional<KeptCommand> kept = find(key);
    if (kept.isEmpty()) {
      return false;
    }
    if (!kept.get().said().equals(Optional.of(state))) {
      write(new KeptCommand(key, kept.get().command(), Optional.of(state)));
    }
    return true;
  }

  /** Forgets a command whose clear was seen; from then on nothing is to be published of it. */
  public synchronized void remove(OperationKey key) throws IOException {
    Path file = file(key);
    if (disk.exists(file)) {
      disk.delete(file);
      count--;
      disk.forceDirectory(directory);
    }
  }

  /** Shows all commands, in the order of their ids; one that cannot be read is left out. */
  public void forEach(Visitor visitor) throws IOException, InterruptedException {
    for (Path file : files(CommandFile.SUFFIX)) {
      Optional<KeptCommand> kept = readIfPossible(file);
      if (kept.isPresent()) {
        visitor.visit(kept.get());
      }
    }
  }

  /** The commands of a kind, in the order of their ids; one that cannot be read is left out. */
  List<OperationKey> keys(Predicate<KeptCommand> kind) throws IOException, InterruptedException {
    List<OperationKey> keys = new ArrayList<>();
    forEach(
        kept -> {
          if (kind.test(kept)) {
            keys.add(kept.key());
          }
        });
    return keys;
  }

  private synchronized Optional<KeptCommand> readIfPossible(Path file) {
    try {
      return Optional.of(read(file));
    } catch (NoSuchFileException e) {
      LOG.log(Level.DEBUG, "Cleared meanwhile: {0}", file);
    } catch (JsonParseException e) {
      if (setAside(file, e)) {
        count--;
      }
    } catch (IOException e) {
      leave(file, e);
    }
    return Optional.empty();
  }

  private List<Path> files(String ending) throws IOException {
    return disk.list(directory).stream()
        .filter(file -> file.getFileName().toString().endsWith(ending))
        .toList();
  }

  /** A copy of a file under another name would be its command a second time. */
  private KeptCommand read(Path file) throws IOException {
    if (disk.size(file) > CommandFile.MAX_SIZE) {
      throw new JsonParseException("the file is larger than any command");
    }
    try (InputStream content = disk.read(file)) {
      KeptCommand kept = CommandFile.read(content.readAllBytes());
      if (!file(kept.key()).equals(file)) {
        throw new JsonParseException("the file has the name of another command");
      }
      return kept;
    }
  }

  private void write(KeptCommand kept) throws IOException {
    disk.replace(file(kept.key()), CommandFile.write(kept));
  }

  private Path file(OperationKey key) {
    return directory.resolve(CommandFile.name(key));
  }
}
