package io.github.childconnector.adapter.module;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.UpdateException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The file tree of one operation, and what is kept beside it. It outlives the connector, because a
 * module that was killed must find it again.
 *
 * <pre>
 * plc-1-5d3c…/                       a child
 *   artifact_name                    what was committed last, OpenWRT-22.03
 *   tLrLthPXksKbqRqIsrDmy-9c1b…/     an operation
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
final class FileTree {
  private static final int CHUNK = 1 << 16;

  private final Disk disk = new LocalDisk();
  private final Path child;
  private final Path operation;

  private FileTree(Path child, Path operation) {
    this.child = child;
    this.operation = operation;
  }

  /** The tree of an operation, whether it is there or not. */
  static FileTree of(Path directory, OperationKey key) {
    Path child = directory.resolve(Folders.name(key.child().value()));
    return new FileTree(child, child.resolve(Folders.name(key.id())));
  }

  /** Writes what the module is given. */
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
          disk.createDirectory(root().resolve("header"));
          disk.createDirectory(root().resolve("tmp"));
          write("version", "3\n");
          write("current_artifact_name", committed());
          write("current_artifact_group", "");
          write("current_device_type", settings.deviceType() + "\n");
          Map<String, String> header = new Header(settings, update.firmware()).files();
          for (Map.Entry<String, String> file : header.entrySet()) {
            write("header/" + file.getKey(), file.getValue());
          }
          disk.forceDirectory(root().resolve("header"));
          disk.forceDirectory(root());
        });
    enter(Phase.DOWNLOAD);
  }

  private void write(String file, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Disk.Output output = disk.create(root().resolve(file))) {
      output.write(bytes, bytes.length);
      output.force();
    }
  }

  /** Notes how far the module is brought, before it is. */
  void enter(Phase phase) throws UpdateException {
    byte[] word = (phase.word() + "\n").getBytes(StandardCharsets.UTF_8);
    use(() -> disk.replace(phaseFile(), word));
  }

  /** How far the module was brought. */
  Phase phase() throws UpdateException {
    try {
      return Phase.of(read(phaseFile()));
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  /** Notes what the device runs from now on. */
  void noteCommitted(String artifactName) throws UpdateException {
    byte[] line = (artifactName + "\n").getBytes(StandardCharsets.UTF_8);
    use(() -> disk.replace(child.resolve("artifact_name"), line));
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
    try (Stream<Path> all = Files.walk(root())) {
      for (Path file : all.filter(this::isGiven).toList()) {
        files.put(root().relativize(file).toString(), read(file));
      }
    }
    return files;
  }

  private boolean isGiven(Path file) {
    Path parent = root().relativize(file).getParent();
    return Files.isRegularFile(file) && (parent == null || parent.equals(Path.of("header")));
  }

  /** Copies the payload into the tree, for a module that did not read it from the streams. */
  void fill(List<PayloadFile> payload) throws UpdateException, InterruptedException {
    requireRoom(payload.stream().mapToLong(PayloadFile::size).sum());
    use(() -> disk.createDirectory(root().resolve("files")));
    for (PayloadFile file : payload) {
      copy(file);
    }
    use(() -> disk.forceDirectory(root().resolve("files")));
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
        Disk.Output output = disk.create(target)) {
      for (int count = source.read(chunk); count >= 0; count = source.read(chunk)) {
        output.write(chunk, count);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
      output.force();
    } catch (IOException e) {
      throw trouble(e);
    }
  }

  /** Removes the tree with all that is beside it. */
  void remove() throws UpdateException {
    use(this::discard);
  }

  /** Void first: nobody must find half of a tree, and take it for a whole one. */
  private void discard() throws IOException {
    if (Files.isDirectory(operation)) {
      disk.delete(phaseFile());
      disk.forceDirectory(operation);
      Folders.remove(operation);
    }
  }

  /** Trees of this child that are left of operations whose end was cut off. */
  List<FileTree> others() throws UpdateException {
    if (!Files.isDirectory(child)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(child)) {
      return entries
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
        "The module's files below "
            + child
            + " cannot be used: "
            + FileTrouble.sentence(trouble)
            + ". See to it that the connector's user may write there, and that there is room.";
    return new UpdateException(FailureCode.STORAGE_FAILED, sentence, trouble);
  }
}
