package io.github.childconnector.matrix;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A real file system of a few megabytes in memory, which can be filled and made read-only. */
final class SmallDisk implements AutoCloseable {
  private static final String FILLER = "filler-";

  private final Path place;
  private int fillers;

  private SmallDisk(Path place) {
    this.place = place;
  }

  /** Mounts it on a directory, which is created; the test is skipped where that is not allowed. */
  static SmallDisk on(Path place, String options) throws IOException {
    Files.createDirectories(place);
    int status = run("mount", "-t", "tmpfs", "-o", options, "none", place.toString());
    assumeThat(status).as("a tmpfs can only be mounted by root").isZero();
    return new SmallDisk(place);
  }

  /** Leaves no more than so many bytes free. */
  void fillTo(long free) throws IOException {
    byte[] page = new byte[4096];
    Path filler = place.resolve(FILLER + fillers++);
    try (var out = Files.newOutputStream(filler)) {
      while (place.toFile().getUsableSpace() > free) {
        out.write(page);
      }
    }
  }

  /** Leaves no name free. */
  void fillNames() throws IOException {
    try {
      while (true) {
        Files.createFile(place.resolve(FILLER + fillers++));
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  /** Removes what {@code fill…} has made. */
  void free() throws IOException {
    try (var files = Files.newDirectoryStream(place, FILLER + "*")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  void readOnly(boolean yes) throws IOException {
    int status = run("mount", "-o", "remount," + (yes ? "ro" : "rw"), place.toString());
    if (status != 0) {
      throw new IOException("the mount could not be changed: " + status);
    }
  }

  private static int run(String... command) {
    try {
      Process process =
          new ProcessBuilder(Arrays.asList(command))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(60, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (IOException e) {
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  @Override
  public void close() {
    int unused = run("umount", "-l", place.toString());
  }
}
