package io.github.childconnector.adapter.module;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.UpdateException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The file tree of one operation, and what is kept beside it. It outlives the connector, because a
 * module that was killed must find it again.
 *
 * <pre>
 * plc-1-5d3c…/                       a child
 *   artifact_name                    what was committed last, OpenWRT-22.03
 *   tLrLthPXksKbqRqIsrDmy-9c1b…/     an operation
 *     supports_rollback              Yes or No, as the module has answered
 *     phase                          download, install or rollback; without it the tree is void
 *     tree/                          what the module is given
 *       version                      3
 *       current_artifact_name  current_artifact_group  current_device_type
 *       header/                      see {@link Header}
 *       tmp/                         the module's own
 *       stream-next  streams/        in the state Download
 *       files/                       after it, unless the streams were read
 * </pre>
 */
record FileTree(Path child, Path operation) {
  private static final int CHUNK = 1 << 16;
  private static final String YES = "Yes\n";

  /** The letters of an id that are kept in a folder's name. */
  private static final int READABLE = 40;

  private static final Disk DISK = new LocalDisk();

  /** The tree of an operation, whether it is there or not. */
  static FileTree of(Path directory, OperationKey key) {
    Path child = directory.resolve(name(key.child().value()));
    return new FileTree(child, child.resolve(name(key.id())));
  }

  /**
   * A folder's name for an id: as much of it as no shell misunderstands, and a digest that tells
   * apart what has become alike, for example {@code plc_1-5d3c…}.
   */
  static String name(String id) {
    String readable = id.replaceAll("[^A-Za-z0-9_.-]", "_").replaceFirst("^[.-]", "_");
    byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
    return readable.substring(0, Math.min(READABLE, readable.length()))
        + "-"
        + UUID.nameUUIDFromBytes(bytes);
  }

  /** The folder that the module is given. */
  Path root() {
    return operation.resolve("tree");
  }

  /** A place beside the tree that the module does not know. */
  Path beside(String name) {
    return operation.resolve(name);
  }

  /** Whether the tree is there and whole. */
  boolean exists() {
    return Files.exists(phaseFile());
  }

  private Path phaseFile() {
    return operation.resolve("phase");
  }

  /** Makes the tree anew, before anything is installed. */
  void create(ModuleSettings settings, FirmwareUpdate update) throws UpdateException {
    use(
        () -> {
          discard();
          DISK.createDirectory(root().resolve("header"));
          DISK.createDirectory(root().resolve("tmp"));
          write("version", "3\n");
          write("current_artifact_name", committed());
          write("current_artifact_group", "");
          write("current_device_type", settings.deviceType() + "\n");
          Map<String, String> header = Header.files(settings, update.firmware());
          for (Map.Entry<String, String> file : header.entrySet()) {
            write("header/" + file.getKey(), file.getValue());
          }
          DISK.forceDirectory(root().resolve("header"));
          DISK.forceDirectory(root());
        });
    enter(Phase.DOWNLOAD);
  }

  private void write(String file, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Disk.Output output = DISK.create(root().resolve(file))) {
      output.write(bytes, bytes.length);
      output.force();
    }
  }

  /** Notes how far the module is brought, before it is. */
  void enter(Phase phase) throws UpdateException {
    byte[] word = (phase.word() + "\n").getBytes(StandardCharsets.UTF_8);
    use(() -> DISK.replace(phaseFile(), word));
  }

  /** How far the module was brought. */
  Phase phase() throws UpdateException {
    try {
      return Phase.of(read(phaseFile()));
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  /** Notes whether the module can go back. */
  void noteRollback(boolean canGoBack) throws UpdateException {
    byte[] word = (canGoBack ? YES : "No\n").getBytes(StandardCharsets.UTF_8);
    use(() -> DISK.replace(rollbackFile(), word));
  }

  /** Whether the module can go back; empty where that was not noted. */
  Optional<Boolean> rollback() throws UpdateException {
    try {
      return Files.exists(rollbackFile())
          ? Optional.of(read(rollbackFile()).equals(YES))
          : Optional.empty();
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  private Path rollbackFile() {
    return operation.resolve("supports_rollback");
  }

  /** Notes what the device runs from now on. */
  void noteCommitted(String artifactName) throws UpdateException {
    byte[] line = (artifactName + "\n").getBytes(StandardCharsets.UTF_8);
    use(() -> DISK.replace(child.resolve("artifact_name"), line));
  }

  private String committed() throws IOException {
    Path file = child.resolve("artifact_name");
    return Files.exists(file) ? read(file) : "";
  }

  private static String read(Path file) throws IOException {
    // Not with a channel, which an interrupt would close.
    try (InputStream content = new FileInputStream(file.toFile())) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * The files that a module must leave as they are, by its path in the tree; what is gone is left
   * out.
   */
  Map<String, String> givenFiles() throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (Path folder : List.of(root(), root().resolve("header"))) {
      for (Path file : entries(folder)) {
        if (Files.isRegularFile(file)) {
          files.put(root().relativize(file).toString(), read(file));
        }
      }
    }
    return files;
  }

  private static List<Path> entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Copies the payload into the tree, for a module that did not read it from the streams. */
  void fill(List<PayloadFile> payload) throws UpdateException, InterruptedException {
    requireRoom(payload.stream().mapToLong(PayloadFile::size).sum());
    use(() -> DISK.createDirectory(root().resolve("files")));
    for (PayloadFile file : payload) {
      copy(file);
    }
    use(() -> DISK.forceDirectory(root().resolve("files")));
  }

  private void requireRoom(long needed) throws UpdateException {
    long free = operation.toFile().getUsableSpace();
    if (free < needed) {
      throw new UpdateException(
          FailureCode.DISK_FULL,
          "The module's copy of the image needs %d bytes below %s, where %d are free. Make room there, and send the update again."
              .formatted(needed, operation, free));
    }
  }

  private void copy(PayloadFile file) throws UpdateException, InterruptedException {
    Path target = root().resolve("files").resolve(file.name());
    byte[] chunk = new byte[CHUNK];
    try (InputStream source = file.source().open();
        Disk.Output output = DISK.create(target)) {
      for (int count = source.read(chunk); count >= 0; count = source.read(chunk)) {
        output.write(chunk, count);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      output.force();
    } catch (IOException e) {
      throw ChangedImageException.failure(e).orElseGet(() -> trouble(e));
    }
  }

  /** Removes the tree with all that is beside it. */
  void remove() throws UpdateException {
    use(this::discard);
  }

  /** Void first: nobody must find half of a tree, and take it for a whole one. */
  private void discard() throws IOException {
    if (Files.isDirectory(operation)) {
      DISK.delete(phaseFile());
      DISK.forceDirectory(operation);
      removeAll(operation);
    }
  }

  /** Removes a folder with all that is in it; links are removed, not followed. */
  static void removeAll(Path folder) throws IOException {
    if (Files.isDirectory(folder, NOFOLLOW_LINKS)) {
      for (Path entry : entries(folder)) {
        removeAll(entry);
      }
    }
    Files.deleteIfExists(folder);
  }

  /** Trees of this child that are left of operations whose end was cut off. */
  List<FileTree> others() throws UpdateException {
    try {
      return entries(child).stream()
          .filter(entry -> Files.isDirectory(entry) && !entry.equals(operation))
          .map(entry -> new FileTree(child, entry))
          .toList();
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private void use(Work work) throws UpdateException {
    try {
      work.run();
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  private UpdateException trouble(IOException trouble) {
    String sentence =
        "The module's files below %s cannot be used: %s. See to it that the connector's user may write there, and that there is room."
            .formatted(child, FileTrouble.sentence(trouble));
    return new UpdateException(FailureCode.STORAGE_FAILED, sentence, trouble);
  }

  /** How far a module was brought, as far as that decides what it is called with next. */
  enum Phase {
    /** The module may have prepared something; what the device runs was not touched. */
    DOWNLOAD,
    /** The device may have been changed. */
    INSTALL,
    /** The device may have been changed back. */
    ROLLBACK;

    /** Returns the phase as it is kept in a file, for example {@code install}. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The phase of this word; of a word that cannot be read the one that takes nothing for granted.
     */
    static Phase of(String word) {
      return Arrays.stream(values())
          .filter(phase -> phase.word().equals(word.strip()))
          .findFirst()
          .orElse(INSTALL);
    }
  }
}
