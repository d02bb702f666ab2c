package io.github.childconnector.adapter.httpupload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@IntegrationTest
class VersionQueryTest {
  private static final String STATUS =
      "{\"StatusFWR\":{\"Version\":\"14.2.0(tasmota)\",\"n\":1.50}}";

  private final FakeBoard board;
  private final Bench bench;

  VersionQueryTest(@TempDir Path directory) throws IOException {
    board = new FakeBoard();
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    board.close();
  }

  private String read(String answer, String... lines) throws Exception {
    board.on("GET /version", visit -> visit.answer("200 OK", answer));
    return bench.readVersion(
        bench.adapter(
            "url = \"" + board.url("/update") + "\"",
            "version_url = \"" + board.url("/version?a=s3cret") + "\"",
            String.join("\n", lines)));
  }

  private String failure(String answer, String... lines) {
    Failure failure = Bench.failure(() -> read(answer, lines));
    assertThat(failure.code()).isEqualTo(FailureCode.VERSION_UNREADABLE);
    assertThat(failure.sentence())
        .startsWith("The device at " + board.url("/version") + " does not tell its version: ")
        .doesNotContain("s3cret");
    return failure.sentence();
  }

  @Test
  void itIsTheWholeAnswer() throws Exception {
    assertThat(read(" 2.0 beta\r\n")).isEqualTo("2.0 beta");
  }

  @Test
  void itIsAValueOfTheJson() throws Exception {
    assertThat(read(STATUS, "version_pointer = \"/StatusFWR/Version\""))
        .isEqualTo("14.2.0(tasmota)");
    assertThat(read(STATUS, "version_pointer = \"/StatusFWR/n\"")).isEqualTo("1.50");
  }

  @Test
  void itIsWhatThePatternFinds() throws Exception {
    assertThat(read("<td>Version</td><td>1.2.3</td>", "version_pattern = \"<td>([0-9.]+)<\""))
        .isEqualTo("1.2.3");
    assertThat(
            read(
                STATUS,
                "version_pointer = \"/StatusFWR/Version\"",
                "version_pattern = '^([0-9.]+)'"))
        .isEqualTo("14.2.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<html>              | it answered 200; that is no JSON; check where",
        "{\"fw\":\"1\"} {}   | that is no JSON",
        "{'fw':'1'}          | that is no JSON",
        "''                  | it answered 200; that is no JSON",
        "{\"sw\":\"1\"}      | there is no value at version_pointer /fw",
        "{\"fw\":null}       | there is no value at version_pointer /fw",
        "{\"fw\":{\"v\":1}}  | there is no value at version_pointer /fw",
        "{\"fw\":\"\"}       | the version in that is empty",
      })
  void wrongJsonIsNoVersion(String answer, String expected) {
    assertThat(failure(answer, "version_pointer = \"/fw\"")).contains(expected);
  }

  @Test
  void deepJsonIsNoVersion() {
    assertThat(failure("[".repeat(30_000), "version_pointer = \"/fw\"")).contains("is no JSON");
  }

  @Test
  void otherTextIsNoVersion() {
    assertThat(failure("hello", "version_pattern = \"v(.)\""))
        .contains("it answered 200: hello; version_pattern is not found in that");
    assertThat(failure("x".repeat(257))).contains("has 257 characters, more than the 256");
    assertThat(failure("a".repeat(400), "version_pattern = \"(.*).*.*.*.*.*b\""))
        .contains("too long");
  }

  @Test
  void anotherStatusIsNoVersion() {
    Failure failure =
        Bench.failure(
            () ->
                bench.readVersion(
                    bench.adapter(
                        "url = \"" + board.url("/update") + "\"",
                        "version_url = \"" + board.url("/gone") + "\"")));

    assertThat(failure.sentence())
        .isEqualTo(
            "The device at %s does not tell its version: it answered 404; check version_url."
                .formatted(board.url("/gone")));
  }

  @Test
  void theCredentialsAreTheSame() throws Exception {
    read("1.0", "auth = \"bearer\"", "token_file = " + bench.secret("t0ken"));

    assertThat(board.visits("GET /version").get(0).header("Authorization"))
        .contains("Bearer t0ken");
  }

  @Test
  void aDigestChallengeIsAnswered() throws Exception {
    board.on(
        "GET /status",
        visit -> {
          if (visit.header("Authorization").isPresent()) {
            visit.answer("200 OK", "3.1");
          } else {
            visit.answer(
                "401 Unauthorized", "", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"");
          }
        });

    assertThat(
            bench.readVersion(
                bench.adapter(
                    "url = \"" + board.url("/update") + "\"",
                    "version_url = \"" + board.url("/status") + "\"",
                    "auth = \"digest\"",
                    "username = \"admin\"",
                    "password_file = " + bench.secret("x"))))
        .isEqualTo("3.1");
  }

  /** As a page that lies compressed in the device's flash is sent, also to who did not ask so. */
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "x-gzip"})
  void aCompressedAnswerIsRead(String encoding) throws Exception {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(compressed)) {
      out.write("2.0".getBytes(StandardCharsets.UTF_8));
    }
    String answer = compressed.toString(StandardCharsets.ISO_8859_1);
    board.on(
        "GET /version", visit -> visit.answer("200 OK", answer, "Content-Encoding: " + encoding));

    assertThat(readVersion()).isEqualTo("2.0");
  }

  @Test
  void anAnswerThatIsOnlyCalledCompressedIsReadAsItIs() throws Exception {
    board.on("GET /version", visit -> visit.answer("200 OK", "2.0", "Content-Encoding: gzip"));

    assertThat(readVersion()).isEqualTo("2.0");
  }

  private String readVersion() throws Exception {
    String url = "url = \"" + board.url("/update") + "\"";
    String version = "version_url = \"" + board.url("/version") + "\"";
    return bench.readVersion(bench.adapter(url, version));
  }
}
