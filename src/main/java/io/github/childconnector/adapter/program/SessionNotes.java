package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.program.ProcessTree.ProcessEntry;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Notes of the sessions of running programs, by which the next connector finds what one that was
 * killed has left at work, also where a program has cleared the environment that bears its marks.
 * They lie where temporary files do: no process outlives the boot that these may not outlive.
 *
 * <pre>
 * /tmp/tedge-child-connector-sessions-998/   of the user 998, and for nobody else
 *   77ab…-5d3c…-4711                         a {@link SessionNote}: child, operation, process
 * </pre>
 */
record SessionNotes(Path directory) {
  private static final System.Logger LOG = System.getLogger(SessionNotes.class.getName());
  private static final Path SELF = Path.of("/proc/self");
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Disk DISK = new LocalDisk();
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

  /** More than a note has. */
  private static final int MAX_NOTE = 200;

  /** The notes of whoever runs this process. */
  static SessionNotes ofThisUser() {
    String temporary = System.getProperty("java.io.tmpdir", "/tmp");
    try {
      String name = "tedge-child-connector-sessions-" + user(SELF);
      return new SessionNotes(Path.of(temporary, name));
    } catch (IOException e) {
      return new SessionNotes(Path.of(temporary, "tedge-child-connector-sessions"));
    }
  }

  private static Object user(Path file) throws IOException {
    return Files.getAttribute(file, "unix:uid");
  }

  /**
   * Notes a program that has been started.
   *
   * @param session the number of its process, which leads its session
   * @return the note, for {@link #forget}; empty where there is none
   */
  Optional<Path> note(OperationKey operation, long session) {
    try {
      requireDirectory();
      return write(operation, session, false);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "A running program cannot be noted, so that it may not be found when this connector is"
              + " killed: {0} {1}",
          e,
          operation);
      return Optional.empty();
    }
  }

  private Optional<Path> write(OperationKey operation, long process, boolean isLeft)
      throws IOException {
    Optional<ProcessEntry> entry = ProcessEntry.of(process);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    SessionNote note = new SessionNote(boot(), process, entry.get().started(), isLeft);
    byte[] bytes = (note + "\n").getBytes(StandardCharsets.US_ASCII);
    Path file = directory.resolve(prefix(operation) + process);
    // Not forced: a power cut ends the program too.
    try (Disk.Output output = DISK.create(file)) {
      output.write(bytes, bytes.length);
    }
    return Optional.of(file);
  }

  /** Notes what cannot be ended of that which an operation has started. */
  void giveUp(OperationKey operation, Set<ProcessHandle> remaining) {
    try {
      requireDirectory();
      for (ProcessHandle each : remaining) {
        Optional<Path> unused = write(operation, each.pid(), true);
      }
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "Processes that cannot be ended cannot be noted, so that the next update of the child may"
              + " begin beside them: {0} {1}",
          e,
          operation);
    }
  }

  /** Others may write to the directory of temporary files, and could name what is to be ended. */
  private void requireDirectory() throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
    }
    if (!isPrivate()) {
      throw new IOException(directory + " is not this user's alone; remove it");
    }
  }

  private boolean isPrivate() throws IOException {
    return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && user(directory).equals(user(SELF))
        && Files.getPosixFilePermissions(directory).equals(PRIVATE);
  }

  private static String prefix(ChildId child) {
    return uuid(child.value()) + "-";
  }

  private static String prefix(OperationKey operation) {
    return prefix(operation.child()) + uuid(operation.id()) + "-";
  }

  private static UUID uuid(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String boot() throws IOException {
    return read(BOOT).strip();
  }

  private static String read(Path file) throws IOException {
    try (InputStream text = DISK.read(file)) {
      return new String(text.readNBytes(MAX_NOTE), StandardCharsets.US_ASCII);
    }
  }

  /** Removes a note: nothing of its program runs any more. */
  void forget(Optional<Path> note) {
    if (note.isPresent()) {
      delete(note.get());
    }
  }

  private static void delete(Path note) {
    try {
      DISK.delete(note);
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The note {0} cannot be removed: {1}", note, e);
    }
  }

  /** The processes that were noted for an operation, and have not begun anew since. */
  Set<Long> left(OperationKey operation) {
    return processes(prefix(operation), note -> true);
  }

  /** Whether something of an operation could not be ended before. */
  boolean isGivenUp(OperationKey operation) {
    return !processes(prefix(operation), SessionNote::isLeft).isEmpty();
  }

  /** The processes of a child that could not be ended. */
  Set<Long> givenUp(ChildId child) {
    return processes(prefix(child), SessionNote::isLeft);
  }

  /** Removes all notes of an operation. */
  void forgetAll(OperationKey operation) {
    paths(prefix(operation)).forEach(SessionNotes::delete);
  }

  /** Removes the notes of what could not be ended: it has ended. */
  void forgetGivenUp(ChildId child) {
    paths(prefix(child)).stream()
        .filter(path -> read(path, SessionNote::isLeft).isPresent())
        .forEach(SessionNotes::delete);
  }

  private Set<Long> processes(String prefix, Predicate<SessionNote> kind) {
    return paths(prefix).stream()
        .flatMap(path -> read(path, kind).stream())
        .map(SessionNote::process)
        .collect(Collectors.toSet());
  }

  private List<Path> paths(String prefix) {
    try {
      return Files.exists(directory) && isPrivate()
          ? DISK.list(directory).stream()
              .filter(note -> String.valueOf(note.getFileName()).startsWith(prefix))
              .toList()
          : List.of();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The notes in {0} cannot be read: {1}", directory, e);
      return List.of();
    }
  }

  private static Optional<SessionNote> read(Path path, Predicate<SessionNote> kind) {
    try {
      Optional<SessionNote> note = SessionNote.parse(read(path));
      return note.isPresent() && note.get().isValid(boot()) && kind.test(note.get())
          ? note
          : Optional.empty();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The note {0} cannot be read: {1}", path, e);
      return Optional.empty();
    }
  }
}
