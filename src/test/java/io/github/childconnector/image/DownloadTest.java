package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What file servers get wrong, and what becomes of it. */
@IntegrationTest
class DownloadTest {
  private static final byte[] BODY = Samples.bytes(100_000);
  private static final Sha256 DIGEST = Samples.digest(BODY);
  private static final Reply GOOD = Replies.whole(BODY);

  private final FakeClock clock = FakeClock.jumping();
  private final RecordingProgress progress = new RecordingProgress();
  private Path directory;

  @BeforeEach
  void directory(@TempDir Path scratch) {
    directory = scratch;
  }

  private ImageStore store(int attempts) throws UpdateException {
    return new ImageStore(directory, Samples.settings(attempts), new LocalDisk(), clock);
  }

  private FirmwareImage fetch(ScriptedServer server, int attempts) throws Exception {
    return store(attempts).fetch(DIGEST, server.url(), progress);
  }

  static Stream<Arguments> passing() {
    RecordingProgress none = new RecordingProgress();
    return Stream.of(
        arguments("408", Replies.status("408 Request Timeout")),
        arguments("425", Replies.status("425 Too Early")),
        arguments("429", Replies.status("429 Too Many Requests")),
        arguments("500", Replies.status("500 Internal Server Error")),
        arguments("503", Replies.status("503 Service Unavailable")),
        arguments("no HTTP", (Reply) connection -> connection.text("220 mail ready\r\n\r\n")),
        arguments("half a status line", (Reply) connection -> connection.text("HTTP/1.1 2")),
        arguments("cut at once", Replies.cut(BODY, 0, cutAtOnce(none))),
        arguments("headers without end", (Reply) DownloadTest::sendHeadersWithoutEnd),
        arguments("cut chunks", (Reply) DownloadTest::cutChunks),
        arguments("cut inside a chunk", (Reply) DownloadTest::cutInsideChunk),
        arguments("broken chunk size", (Reply) DownloadTest::breakChunk));
  }

  private static RecordingProgress cutAtOnce(RecordingProgress progress) {
    progress.bytes(0, OptionalLong.empty());
    return progress;
  }

  private static void sendHeadersWithoutEnd(ScriptedServer.Connection connection)
      throws IOException {
    connection.text("HTTP/1.1 200 OK\r\n");
    while (true) {
      connection.text("X: " + "x".repeat(8000) + "\r\n");
    }
  }

  private static void cutChunks(ScriptedServer.Connection connection) throws IOException {
    connection.head("200 OK", "Transfer-Encoding: chunked");
    connection.text("3e8\r\n");
    connection.body(BODY, 0, 1000);
    connection.text("\r\n");
  }

  private static void cutInsideChunk(ScriptedServer.Connection connection) throws IOException {
    connection.head("200 OK", "Transfer-Encoding: chunked");
    connection.text("186a0\r\n");
    connection.body(BODY, 0, 1000);
  }

  private static void breakChunk(ScriptedServer.Connection connection) throws IOException {
    connection.head("200 OK", "Transfer-Encoding: chunked");
    connection.text("3e8\r\n");
    connection.body(BODY, 0, 1000);
    connection.text("\r\nxyz\r\n");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("passing")
  void whatMayPassIsTriedAgain(String name, Reply reply) throws Exception {
    try (ScriptedServer server = new ScriptedServer(reply, GOOD)) {
      assertThat(fetch(server, 2).path()).hasBinaryContent(BODY);
      assertThat(server.requests()).hasSize(2);
      assertThat(clock.pauses()).hasSize(1);
    }
  }

  /** The HTTP client itself may repeat such a request once, without a pause. */
  @Test
  void aConnectionThatIsClosedAtOnceIsTriedAgain() throws Exception {
    try (ScriptedServer server = new ScriptedServer(connection -> {}, GOOD)) {
      assertThat(fetch(server, 2).path()).hasBinaryContent(BODY);
    }
  }

  @Test
  void allBytesOfTheImageAreTheImageWhateverLengthWasAnnounced() throws Exception {
    Reply tooMuch =
        connection -> {
          connection.head("200 OK", "Content-Length: " + (BODY.length + 1));
          connection.body(BODY, 0, BODY.length);
          progress.await(BODY.length);
        };
    try (ScriptedServer server = new ScriptedServer(tooMuch)) {
      assertThat(fetch(server, 1).path()).hasBinaryContent(BODY);
      assertThat(clock.pauses()).isEmpty();
    }
  }

  static Stream<Arguments> lasting() {
    return Stream.of(
        arguments("400", Replies.status("400 Bad Request"), "answered 400"),
        arguments("401", Replies.status("401 Unauthorized"), "allow this connector"),
        arguments("403", Replies.status("403 Forbidden"), "allow this connector"),
        arguments("404", Replies.status("404 Not Found"), "data.path"),
        arguments("416", Replies.status("416 Range Not Satisfiable"), "answered 416"),
        arguments("204", (Reply) connection -> connection.head("204 No Content"), "answered 204"),
        arguments("304", (Reply) connection -> connection.head("304 Not Modified"), "answered 304"),
        arguments("206 unasked", Replies.rest(BODY, 0), "answered 206"),
        arguments("999", Replies.status("999 What"), "answered 999"),
        arguments("gzip", Replies.whole(BODY, "Content-Encoding: gzip"), "gzip"),
        arguments("length beyond a long", length("99999999999999999999"), "cannot be understood"),
        arguments("length in words", length("many"), "cannot be understood"),
        arguments("307 without Location", Replies.status("307 Temporary"), "without a Location"));
  }

  private static Reply length(String length) {
    return connection -> connection.head("200 OK", "Content-Length: " + length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "Identity", "IDENTITY"})
  void anEncodingThatChangesNothingIsTaken(String encoding) throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(Replies.whole(BODY, "Content-Encoding: " + encoding))) {
      assertThat(fetch(server, 1).path()).hasBinaryContent(BODY);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lasting")
  void whatWillNotChangeIsAskedOnce(String name, Reply reply, String why) throws Exception {
    try (ScriptedServer server = new ScriptedServer(reply, GOOD)) {
      Failure failure = Samples.failure(() -> fetch(server, 3));

      assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_REFUSED);
      assertThat(failure.sentence())
          .contains("/child01/firmware_update/fw", why)
          .doesNotContain("secret");
      assertThat(server.requests()).hasSize(1);
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void theTriesEndAndTheFailureNamesTheLastCause() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.status("503 Service Unavailable"))) {
      Failure failure = Samples.failure(() -> fetch(server, 5));

      assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_FAILED);
      assertThat(failure.sentence())
          .contains("after 5 tries: the server answered 503; check that tedge-agent runs on 127.");
      assertThat(server.requests()).hasSize(5);
    }
  }

  @Test
  void thePausesGrow() throws Exception {
    ScriptedServer server = new ScriptedServer(GOOD);
    server.close();

    Failure failure = Samples.failure(() -> fetch(server, 9));

    assertThat(failure.sentence()).contains("after 9 tries: no connection could be made");
    List<Duration> pauses = clock.pauses();
    assertThat(pauses).hasSize(8);
    for (int i = 0; i < pauses.size(); i++) {
      long longest = Math.min(60_000, 1000L << i);
      assertThat(pauses.get(i).toMillis()).isBetween(longest / 2, longest);
    }
  }

  @Test
  void theServersWishForAPauseIsHonoured() throws Exception {
    Reply busy = Replies.status("429 Too Many Requests", "Retry-After: 77");
    try (ScriptedServer server = new ScriptedServer(busy, GOOD)) {
      fetch(server, 2);

      assertThat(clock.pauses()).containsExactly(Duration.ofSeconds(77));
    }
  }

  @Test
  void aPauseBeyondTheDeadlineIsNotMade() throws Exception {
    Reply busy = Replies.status("503 Service Unavailable", "Retry-After: 86400");
    try (ScriptedServer server = new ScriptedServer(busy)) {
      Failure failure = Samples.failure(() -> fetch(server, 3));

      assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_TIMEOUT);
      assertThat(failure.sentence())
          .contains("503", "asks to come back in 1d, which is beyond download.deadline (30m)");
      assertThat(clock.pauses()).isEmpty();
    }
  }

  @Test
  void theLastTryIsNotToldToWait() throws Exception {
    Reply busy = Replies.status("503 Service Unavailable", "Retry-After: 86400");
    try (ScriptedServer server = new ScriptedServer(busy)) {
      assertThat(Samples.failure(() -> fetch(server, 1)).code())
          .isEqualTo(FailureCode.DOWNLOAD_FAILED);
    }
  }

  @Test
  void aWrongBodyIsFetchedOnceMore() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.whole(Samples.bytes(70_000)), GOOD)) {
      assertThat(fetch(server, 1).path()).hasBinaryContent(BODY);
      assertThat(clock.pauses()).isEmpty();
    }
  }

  @Test
  void aBodyThatIsWrongTwiceIsRefused() throws Exception {
    byte[] wrong = Samples.bytes(70_000);
    try (ScriptedServer server = new ScriptedServer(Replies.whole(wrong, "ETag: \"a\""))) {
      Failure failure = Samples.failure(() -> fetch(server, 5));

      assertThat(failure.code()).isEqualTo(FailureCode.DIGEST_MISMATCH);
      assertThat(failure.sentence())
          .contains(Samples.digest(wrong).hex(), DIGEST.hex(), "70000 bytes");
      assertThat(failure.reason()).contains("upload the firmware again");
      assertThat(server.requests()).hasSize(2);
      assertThat(server.requests().get(1).headers()).doesNotContainKey("Range");
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Test
  void aBodyThatEndsEarlyWithoutALengthIsAWrongOne() throws Exception {
    Reply cut =
        connection -> {
          connection.head("200 OK");
          connection.body(BODY, 0, 1000);
        };
    try (ScriptedServer server = new ScriptedServer(cut, GOOD)) {
      assertThat(fetch(server, 1).path()).hasBinaryContent(BODY);
    }
  }

  @Test
  void anAnnouncedLengthShorterThanTheBodyIsAWrongBody() throws Exception {
    Reply tooShort =
        connection -> {
          connection.head("200 OK", "Content-Length: 1000");
          connection.body(BODY, 0, BODY.length);
        };
    try (ScriptedServer server = new ScriptedServer(tooShort)) {
      assertThat(Samples.failure(() -> fetch(server, 1)).code())
          .isEqualTo(FailureCode.DIGEST_MISMATCH);
    }
  }

  @Test
  void aPartLeftByACrashBeforeItsNameWasGivenIsTheImage() throws Exception {
    Files.write(directory.resolve(DIGEST.hex() + ".part"), BODY);
    try (ScriptedServer server = new ScriptedServer(GOOD)) {
      assertThat(fetch(server, 1).path()).hasBinaryContent(BODY);
      assertThat(server.requests()).isEmpty();
    }
  }
}
