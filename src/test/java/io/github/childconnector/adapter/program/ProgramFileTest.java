package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramFileTest {
  @TempDir private Path directory = Path.of("");

  private Optional<String> trouble(byte[] content) throws IOException {
    Path file = Files.write(directory.resolve("flash"), content);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return new ProgramFile(file, "/usr/bin:/bin").trouble();
  }

  private static byte[] text(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] elf(int machine) {
    byte[] head = new byte[64];
    head[0] = 0x7f;
    head[1] = 'E';
    head[2] = 'L';
    head[3] = 'F';
    head[5] = 1;
    head[18] = (byte) machine;
    return head;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                 | is empty",
        "#!/bin/sh\\r\\necho\\r\\n          | sed -i 's/\\r$//'",
        "#!/usr/bin/env sh\\r\\n            | no /usr/bin/env is found",
        "#!/opt/none/python\\n              | names /opt/none/python in its first line",
        "#!/usr/bin/env no-such-python -u\\n | names no-such-python in its first line",
        "#!\\n                              | names nothing in its first line",
        "\uFEFF#!/bin/sh\\n                 | byte order mark",
        "echo flashed\\n                    | has no #! in its first line"
      })
  void aScriptThatCannotBeStartedIsKnownBefore(String content, String why) throws IOException {
    assertThat(trouble(text(content))).get().asString().contains(why);
  }

  @ParameterizedTest
  @CsvSource({
    "#!/bin/sh",
    "#!/bin/sh -e\\necho",
    "#! /usr/bin/env sh\\n",
    "#!/usr/bin/env -S sh -e"
  })
  void oneThatCanIsNot(String content) throws IOException {
    assertThat(trouble(text(content))).isEmpty();
  }

  @Test
  void aProgramOfAnotherMachineIsKnownBefore() throws IOException {
    int sparc = 2;
    assertThat(trouble(elf(sparc))).get().asString().contains("another machine (number 2");
    assertThat(new ProgramFile(Path.of("/bin/sh"), "").trouble()).isEmpty();
  }

  @Test
  void whatIsMissingOrMayNotBeExecutedIsKnownBefore() throws IOException {
    assertThat(new ProgramFile(directory, "").trouble()).get().asString().contains("is not there");
    Path plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n");
    assertThat(new ProgramFile(plain, "").trouble()).get().asString().contains("chmod 755");
  }
}
