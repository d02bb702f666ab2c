package io.github.childconnector.adapter.fuota.management;

import io.github.childconnector.adapter.fuota.management.EspImage.Chip;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;

/**
 * The firmware that was put by management: images by their names, and for which version of which
 * device each is. The images lie under their SHA-256; the rest is one file that is replaced as a
 * whole, with tabs between its words:
 *
 * <pre>
 * file    esp32-fuota.bin.0.1.1  0f3a…  816384
 * device  00001  0.1.0  esp32-fuota.bin.0.1.1
 * </pre>
 */
final class ManagedFirmware {
  /** The size of the largest flash of an ESP32. */
  private static final long MAX_SIZE = 16 << 20;

  private static final int MAX_FILES = 16;
  private static final String INDEX = "index";
  private static final int CHUNK = 64 * 1024;

  private final Path directory;
  private final Disk disk;

  /**
   * Held while something is changed, until that is on the disk; whoever reads may see it before.
   */
  private final Lock writing;

  private final Map<String, Image> images = new ConcurrentSkipListMap<>();
  private final Map<String, Row> rows = new ConcurrentSkipListMap<>();
  private final AtomicLong arrivals = new AtomicLong();

  /** A device's row: the version from which it is updated, and the name of the image. */
  record Row(String id, String version, String file) {}

  /** An image as it was put. */
  record Image(Path path, Sha256 digest, long size) {}

  /** A request of a script was refused; the message says why. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final int status;

    RefusedException(int status, String why) {
      super(why);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /** Reads what lies in a directory, which need not be there. */
  ManagedFirmware(Path directory, Disk disk, Lock writing) throws IOException {
    this.directory = directory;
    this.disk = disk;
    this.writing = writing;
    disk.createDirectory(directory);
    if (disk.exists(directory.resolve(INDEX))) {
      try (InputStream in = disk.read(directory.resolve(INDEX))) {
        new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(this::readLine);
      }
    }
    removeUnknown(".*");
  }

  private void readLine(String line) {
    String[] words = line.split("\t", -1);
    if (words.length == 4 && words[0].equals("file")) {
      long size = Long.parseLong(words[3]);
      images.put(words[1], new Image(directory.resolve(words[2]), new Sha256(words[2]), size));
    } else if (words.length == 4 && words[0].equals("device")) {
      rows.put(words[1], new Row(words[1], words[2], words[3]));
    }
  }

  /** Removes files with such a name that belong to nothing. */
  private void removeUnknown(String name) throws IOException {
    List<Path> known = images.values().stream().map(Image::path).toList();
    for (Path file : disk.list(directory)) {
      boolean isMeant = String.valueOf(file.getFileName()).matches(name);
      if (isMeant && !known.contains(file) && !file.endsWith(INDEX)) {
        disk.delete(file);
      }
    }
  }

  List<Row> rows() {
    return List.copyOf(rows.values());
  }

  Optional<Row> row(String id) {
    return Optional.ofNullable(rows.get(id));
  }

  Optional<Image> image(String name) {
    return Optional.ofNullable(images.get(name));
  }

  /** Puts an image that one of these chips could boot, in place of an earlier one of that name. */
  void put(String name, InputStream bytes, Set<Chip> chips) throws IOException, RefusedException {
    Path arriving = directory.resolve("arriving-" + arrivals.incrementAndGet() + ".tmp");
    try {
      Image image = receive(bytes, arriving);
      EspImage read = EspImage.read(arriving);
      read.requireOwnDigest();
      read.requireChip(chips);
      writing.lock();
      try {
        keep(name, image, arriving);
      } finally {
        writing.unlock();
      }
    } catch (UpdateException e) {
      throw new RefusedException(422, e.failure().sentence());
    } finally {
      disk.delete(arriving);
    }
  }

  private Image receive(InputStream bytes, Path arriving) throws IOException, RefusedException {
    MessageDigest digest = Sha256.begin();
    long size = 0;
    byte[] chunk = new byte[CHUNK];
    try (Disk.Output output = disk.create(arriving)) {
      for (int read = bytes.read(chunk); read >= 0; read = bytes.read(chunk)) {
        size += read;
        if (size > MAX_SIZE) {
          throw new RefusedException(413, "The file is larger than " + MAX_SIZE + " bytes.");
        }
        digest.update(chunk, 0, read);
        output.write(chunk, read);
      }
      output.force();
    }
    Sha256 whole = Sha256.of(digest);
    return new Image(directory.resolve(whole.hex()), whole, size);
  }

  private void keep(String name, Image image, Path arriving) throws IOException, RefusedException {
    if (images.size() == MAX_FILES && !images.containsKey(name)) {
      throw new RefusedException(
          507,
          "There are %d files already: give this one a name that is there (%s)."
              .formatted(MAX_FILES, String.join(", ", images.keySet())));
    }
    disk.renameForGood(arriving, image.path());
    images.put(name, image);
    save();
    // What others put meanwhile has another name.
    removeUnknown("[0-9a-f]{64}");
  }

  void put(Row row) throws IOException {
    writing.lock();
    try {
      rows.put(row.id(), row);
      save();
    } finally {
      writing.unlock();
    }
  }

  /** Whether there was a row of this device. */
  boolean delete(String id) throws IOException {
    writing.lock();
    try {
      boolean was = rows.remove(id) != null;
      if (was) {
        save();
      }
      return was;
    } finally {
      writing.unlock();
    }
  }

  private void save() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    images.forEach(
        (name, image) ->
            line(text, "file", name, image.digest().hex(), Long.toString(image.size())));
    rows.values().forEach(row -> line(text, "device", row.id(), row.version(), row.file()));
    disk.replace(directory.resolve(INDEX), text.toByteArray());
  }

  private static void line(ByteArrayOutputStream text, String... words) {
    text.writeBytes((String.join("\t", words) + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
