package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.program.RunningProgram.OutputLines;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputLinesTest {
  private final List<String> received = new ArrayList<>();
  private final OutputLines lines = new OutputLines(InputStream.nullInputStream(), received::add);

  private void append(String text) {
    append(text.getBytes(StandardCharsets.UTF_8));
  }

  private void append(byte[] bytes) {
    lines.append(bytes, bytes.length);
  }

  @Test
  void endsLinesAtLineFeedsAndCarriageReturns() {
    append("one\ntwo\r\n\n  three \r50%\rlast");
    assertThat(received).containsExactly("one", "two", "three", "50%");

    lines.end();
    assertThat(received).last().isEqualTo("last");
  }

  @Test
  void joinsWhatArrivesInPieces() {
    byte[] bytes = "Größe\n".getBytes(StandardCharsets.UTF_8);
    for (byte each : bytes) {
      append(new byte[] {each});
    }
    assertThat(received).containsExactly("Größe");
  }

  @Test
  void takesOnlyTheCountedBytes() {
    lines.append("ab\ncd\n".getBytes(StandardCharsets.UTF_8), 3);
    assertThat(received).containsExactly("ab");
  }

  @Test
  void cutsALongLineAndGoesOnWithTheNext() {
    append("x".repeat(OutputLines.LIMIT + 1) + "\nshort\n" + "y".repeat(OutputLines.LIMIT) + "\n");

    assertThat(received)
        .containsExactly(
            "x".repeat(OutputLines.LIMIT) + "…", "short", "y".repeat(OutputLines.LIMIT));
  }

  @Test
  void removesColoursAndControlCharacters() {
    append("\u001b[1;31merror:\u001b[0m no\u0007 device\ton\0port\u2028\u0085\n");
    assertThat(received).containsExactly("error: no  device on port");
  }

  @Test
  void replacesWhatIsNotUtf8() {
    append(new byte[] {'a', (byte) 0xff, (byte) 0xc3, 'b', '\n'});
    assertThat(received).containsExactly("a\ufffd\ufffdb");
  }
}
