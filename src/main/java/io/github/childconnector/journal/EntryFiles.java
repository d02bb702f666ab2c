package io.github.childconnector.journal;

import com.google.gson.JsonParseException;
import io.github.childconnector.disk.Disk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** The files that hold one entry each. */
record EntryFiles(Disk disk) {
  /** Larger than any entry can be: 50 steps, and texts that fit into one request. */
  static final int MAX_SIZE = 1 << 20;

  /**
   * Reads an entry.
   *
   * @throws JsonParseException the file does not hold one
   */
  JournalEntry read(Path file) throws IOException {
    return EntryFormat.read(bytes(file));
  }

  private byte[] bytes(Path file) throws IOException {
    if (disk.size(file) > MAX_SIZE) {
      throw new JsonParseException("the file is larger than any entry");
    }
    try (InputStream content = disk.read(file)) {
      return content.readAllBytes();
    }
  }

  /** Copies the beginning of a file, so that its operation has a file at every moment. */
  void copy(Path file, Path copy) throws IOException {
    try (InputStream content = disk.read(file)) {
      disk.replace(copy, content.readNBytes(MAX_SIZE));
    }
  }
}
