package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.program.ProcessTree.ProcessEntry;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.LocalDisk;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Notes of the sessions of running programs, by which the next connector finds what one that was
 * killed has left at work, also where a program has cleared the environment that bears its marks.
 * They lie where temporary files do: no process outlives the boot that these may not outlive.
 *
 * <pre>
 * /tmp/tedge-child-connector-sessions-998/   of the user 998, and for nobody else
 *   5d3c…-4711                               one program of an operation:
 *                                            2f1c0a6e-… 4711 123456
 * </pre>
 *
 * <p>A note holds the boot, the session, and when that began in ticks since the boot, because
 * numbers of processes are used again.
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

  private static final int WORDS = 3;

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
      Optional<ProcessEntry> leader = ProcessEntry.of(session);
      if (leader.isEmpty()) {
        return Optional.empty();
      }
      String text = boot() + " " + session + " " + leader.get().started() + "\n";
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      Path file = directory.resolve(prefix(operation) + session);
      // Not forced: a power cut ends the program too.
      try (Disk.Output output = DISK.create(file)) {
        output.write(bytes, bytes.length);
      }
      return Optional.of(file);
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

  private static String prefix(OperationKey operation) {
    byte[] name = operation.toString().getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name) + "-";
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

  /** The sessions that were noted for an operation, and have not begun anew since. */
  Set<Long> left(OperationKey operation) {
    Set<Long> sessions = new HashSet<>();
    for (Path note : notes(operation)) {
      session(note).ifPresent(sessions::add);
    }
    return sessions;
  }

  /** Removes all notes of an operation. */
  void forgetAll(OperationKey operation) {
    notes(operation).forEach(SessionNotes::delete);
  }

  private List<Path> notes(OperationKey operation) {
    try {
      return Files.exists(directory) && isPrivate()
          ? DISK.list(directory).stream()
              .filter(note -> String.valueOf(note.getFileName()).startsWith(prefix(operation)))
              .toList()
          : List.of();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The notes in {0} cannot be read: {1}", directory, e);
      return List.of();
    }
  }

  private static Optional<Long> session(Path note) {
    try {
      String[] words = read(note).strip().split(" ", WORDS + 1);
      if (words.length != WORDS || !words[0].equals(boot())) {
        return Optional.empty();
      }
      long session = Long.parseLong(words[1]);
      long started = Long.parseLong(words[2]);
      boolean isAnother =
          ProcessEntry.of(session).filter(leader -> leader.started() != started).isPresent();
      return isAnother ? Optional.empty() : Optional.of(session);
    } catch (IOException | NumberFormatException e) {
      LOG.log(Level.WARNING, "The note {0} cannot be read: {1}", note, e);
      return Optional.empty();
    }
  }
}
