package io.github.childconnector.adapter.module;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Copies and removes whole folders. */
final class Folders {
  private static final int READABLE = 40;

  private Folders() {}

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

  /** Removes a folder with all that is in it; links are removed, not followed. */
  static void remove(Path folder) throws IOException {
    if (Files.exists(folder)) {
      Files.walkFileTree(folder, new Removal());
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException trouble)
        throws IOException {
      if (trouble != null) {
        throw trouble;
      }
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
