package io.github.childconnector.disk;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A file system, reduced to what the journal and the image store do with it. */
public interface Disk {
  /** The end of a file's name until it is whole; whoever starts may delete what still ends so. */
  String TEMPORARY_SUFFIX = ".tmp";

  /** Opens a file for writing from its beginning, emptied if it is there. */
  Output create(Path file) throws IOException;

  /** Opens a file for writing behind what it holds, created if it is not there. */
  Output append(Path file) throws IOException;

  /**
   * Opens a file for reading.
   *
   * @throws java.nio.file.NoSuchFileException there is none
   */
  InputStream read(Path file) throws IOException;

  /** Whether there is anything of this name. */
  boolean exists(Path file);

  /** The length of a file in bytes; 0 if there is none. */
  long size(Path file) throws IOException;

  /**
   * Hands over the files of a directory one by one, directories left out, in any order, so that any
   * number of them fits into memory. The visitor may remove or rename each; what others add or
   * remove meanwhile may be handed over or not.
   *
   * @throws java.nio.file.NoSuchFileException there is no such directory
   */
  void visit(Path directory, Visitor visitor) throws IOException;

  /**
   * The files of a directory that holds few of them, directories left out, in the order of their
   * names.
   */
  default List<Path> list(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    visit(directory, files::add);
    files.sort(Comparator.naturalOrder());
    return List.copyOf(files);
  }

  /** The directories in a directory, in the order of their names; none if it is not there. */
  List<Path> directories(Path directory) throws IOException;

  /**
   * Gives a file another name, atomically, replacing what had it; also one in another directory of
   * the same disk, where a power cut may leave it under the old name or the new.
   */
  void rename(Path from, Path to) throws IOException;

  /**
   * Replaces a small file so that, whenever the power goes, the old or the new content is there and
   * never a mixture; returns when the new one would survive a power cut.
   */
  default void replace(Path file, byte[] content) throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + TEMPORARY_SUFFIX);
    try {
      try (Output output = create(temporary)) {
        output.write(content, content.length);
        output.force();
      }
      renameForGood(temporary, file);
    } catch (IOException e) {
      // On a full disk of all places, nothing half-written may stay.
      try {
        delete(temporary);
      } catch (IOException another) {
        e.addSuppressed(another);
      }
      throw e;
    }
  }

  /** Returns when a file has its new name and would keep it in a power cut. */
  default void renameForGood(Path from, Path to) throws IOException {
    rename(from, to);
    Path directory = to.toAbsolutePath().getParent();
    if (directory != null) {
      forceDirectory(directory);
    }
  }

  /** Takes from everybody the right to write to a file, where the file system knows such rights. */
  void seal(Path file) throws IOException;

  /** Removes a file if it is there. */
  void delete(Path file) throws IOException;

  /** Returns when a directory is there, with its parents, and would survive a power cut. */
  void createDirectory(Path directory) throws IOException;

  /** Forces a directory's entries out, without which a rename may be lost in a power cut. */
  void forceDirectory(Path directory) throws IOException;

  /** Bytes that this user may still write on the disk that holds {@code directory}. */
  long usableSpace(Path directory) throws IOException;

  /** Takes the files of a directory. */
  interface Visitor {
    /** Takes a file; returns whether to go on with the next. */
    boolean visit(Path file) throws IOException;
  }

  /** A file open for writing. */
  interface Output extends Closeable {
    /** Writes {@code length} bytes of {@code bytes} from its beginning. */
    void write(byte[] bytes, int length) throws IOException;

    /** Returns when all that was written is on the disk. */
    void force() throws IOException;
  }
}
