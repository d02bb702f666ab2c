package io.github.childconnector.adapter.program;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A process of this machine as {@code /proc} shows it.
 *
 * @param ended whether it has ended, and only its parent has not noticed
 */
record ProcessEntry(long pid, long parent, long session, boolean ended) {
  private static final Path PROC = Path.of("/proc");

  /**
   * Reads a line of {@code /proc/PID/stat}, for example {@code 4711 (a (b) c) S 1 4711 4700 0 …}:
   * number, name, state, parent, group, session.
   */
  static ProcessEntry parse(String line) {
    String pid = line.substring(0, line.indexOf(' '));
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", 5);
    boolean ended = fields[0].equals("Z") || fields[0].equals("X");
    return new ProcessEntry(
        Long.parseLong(pid), Long.parseLong(fields[1]), Long.parseLong(fields[3]), ended);
  }

  /** All processes; none where {@code /proc} cannot be read. */
  static List<ProcessEntry> all() {
    List<ProcessEntry> entries = new ArrayList<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[1-9]*")) {
      folders.forEach(folder -> entry(folder).ifPresent(entries::add));
    } catch (IOException | DirectoryIteratorException e) {
      System.getLogger(ProcessEntry.class.getName())
          .log(System.Logger.Level.WARNING, "Cannot look for left processes in /proc: " + e);
    }
    return entries;
  }

  private static Optional<ProcessEntry> entry(Path folder) {
    return text(folder.resolve("stat"), StandardCharsets.ISO_8859_1).map(ProcessEntry::parse);
  }

  /**
   * The variables with which a process was started, each as {@code NAME=value}; empty if it belongs
   * to somebody else or has ended.
   */
  static Set<String> environment(long pid) {
    Path file = PROC.resolve(Long.toString(pid)).resolve("environ");
    return text(file, StandardCharsets.UTF_8)
        .map(all -> Set.copyOf(List.of(all.split("\0"))))
        .orElse(Set.of());
  }

  private static Optional<String> text(Path file, Charset charset) {
    // Not with a channel, which an interrupt would close: every process would seem to have ended.
    try (InputStream content = new FileInputStream(file.toFile())) {
      return Optional.of(new String(content.readAllBytes(), charset));
    } catch (IOException e) {
      return Optional.empty(); // it has ended meanwhile
    }
  }
}
