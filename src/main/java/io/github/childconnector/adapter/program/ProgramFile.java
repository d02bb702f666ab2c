package io.github.childconnector.adapter.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The file of a program, as the kernel looks at it when it is started: its mode, and its first
 * bytes.
 *
 * @param path where it lies
 * @param searchPath the directories in which {@code /usr/bin/env} would look, as in PATH
 */
record ProgramFile(Path path, String searchPath) {
  /** The bytes that the kernel reads of a first line. */
  private static final int HEAD = 256;

  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};
  private static final byte[] SCRIPT = {'#', '!'};
  private static final byte[] MARKED_SCRIPT = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf, '#', '!'};

  /** The numbers of elf(5) that machines run which Java calls by these names. */
  private static final Map<String, Set<Integer>> MACHINES =
      Map.of(
          "amd64", Set.of(62, 3),
          "aarch64", Set.of(183, 40),
          "arm", Set.of(40),
          "riscv64", Set.of(243),
          "i386", Set.of(3),
          "ppc64le", Set.of(21));

  /**
   * Tells why it cannot be started, or would not do what its author meant, with the remedy, as a
   * sentence without its subject: {@code is empty; write it}. Empty where nothing is known.
   */
  Optional<String> trouble() {
    if (!Files.isRegularFile(path)) {
      return Optional.of("is not there, or not to be seen by this user; install it");
    }
    if (!Files.isExecutable(path)) {
      return Optional.of("may not be executed by this user; run chmod 755 " + path);
    }
    return troubleWith(head());
  }

  /** The first bytes; none where this user may start the file but not read it, and null bytes. */
  private byte[] head() {
    try (InputStream file = Files.newInputStream(path)) {
      return file.readNBytes(HEAD);
    } catch (IOException e) {
      return ELF;
    }
  }

  private Optional<String> troubleWith(byte[] head) {
    if (head.length == 0) {
      return Optional.of("is empty, which a shell takes for success; write it");
    }
    if (begins(head, ELF)) {
      return foreign(head);
    }
    if (begins(head, MARKED_SCRIPT)) {
      return Optional.of(
          "begins with a byte order mark, before its #!; save it as UTF-8 without BOM");
    }
    return begins(head, SCRIPT)
        ? troubleWithLine(firstLine(head))
        : Optional.of(
            "has no #! in its first line and is no program either; begin it with #!/bin/sh");
  }

  private static boolean begins(byte[] head, byte[] with) {
    return head.length >= with.length && Arrays.equals(head, 0, with.length, with, 0, with.length);
  }

  private static String firstLine(byte[] head) {
    String text = new String(head, SCRIPT.length, head.length - 2, StandardCharsets.UTF_8);
    return text.substring(0, text.indexOf('\n') < 0 ? text.length() : text.indexOf('\n'));
  }

  private Optional<String> troubleWithLine(String line) {
    if (line.endsWith("\r")) {
      return Optional.of(
          "has the line ends of Windows, so that no %s is found; run sed -i 's/\\r$//' %s"
              .formatted(words(line).get(0), path));
    }
    List<String> words = words(line);
    Path interpreter = Path.of(words.get(0));
    if (words.get(0).isEmpty() || !Files.isExecutable(interpreter)) {
      return Optional.of(missing(interpreter.toString()));
    }
    boolean isSearched = interpreter.endsWith("env") && words.size() > 1;
    return isSearched && isNowhere(words.get(1))
        ? Optional.of(missing(words.get(1)))
        : Optional.empty();
  }

  private static List<String> words(String line) {
    return List.of(line.strip().split("\\s+"));
  }

  private static String missing(String interpreter) {
    return "names %s in its first line, which is not installed; install or correct it"
        .formatted(interpreter.isEmpty() ? "nothing" : interpreter);
  }

  private boolean isNowhere(String program) {
    return program.matches("[\\w.+][\\w.+-]*")
        && Arrays.stream(searchPath.split(":"))
            .noneMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** A machine that nobody has told us of may run anything. */
  private static Optional<String> foreign(byte[] head) {
    Set<Integer> ours = MACHINES.getOrDefault(System.getProperty("os.arch", ""), Set.of());
    if (head.length < 20 || ours.isEmpty()) {
      return Optional.empty();
    }
    ByteOrder order = head[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    int machine = ByteBuffer.wrap(head).order(order).getShort(18);
    return ours.contains(machine)
        ? Optional.empty()
        : Optional.of(
            "is made for another machine (number %d of elf(5)); install the one for this"
                .formatted(machine));
  }
}
