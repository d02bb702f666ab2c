package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File servers that are not there, or not any more, or not yet. */
@IntegrationTest
class HttpAbsenceTest {
  private static final byte[] BODY = Samples.bytes(1000);

  @TempDir Path directory;
  private final FakeClock clock = FakeClock.jumping();
  private volatile Optional<ScriptedServer> server = Optional.empty();

  @AfterEach
  void close() {
    server.ifPresent(ScriptedServer::close);
  }

  private ImageStore store(int attempts, Duration deadline) throws Exception {
    DownloadSettings usual = Samples.settings(attempts);
    DownloadSettings settings =
        new DownloadSettings(
            usual.maxSize(),
            usual.minFree(),
            attempts,
            usual.stallTimeout(),
            deadline,
            Set.of("127.0.0.1", nowhere()),
            usual.gatewayHost(),
            usual.tls());
    return new ImageStore(directory, settings, new LocalDisk(), clock);
  }

  /** A name that no server of names need be asked for: it is too long to be one. */
  private static String nowhere() {
    return "x".repeat(64) + ".invalid";
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String url(int port) {
    return "http://127.0.0.1:" + port + "/fw";
  }

  @Test
  void whoIsAwayForAnHourIsFoundWhenItIsBackWithinTheDeadline() throws Exception {
    int port = freePort();
    clock.schedule(Duration.ofHours(1), () -> serve(port, Replies.whole(BODY)));

    assertThat(
            store(100, Duration.ofHours(2))
                .fetch(Samples.digest(BODY), url(port), Samples.SILENT)
                .path())
        .hasBinaryContent(BODY);
    assertThat(Duration.ofNanos(clock.nanoTime()))
        .isBetween(Duration.ofHours(1), Duration.ofMinutes(62));
  }

  private void serve(int port, Reply... replies) {
    try {
      server = Optional.of(ScriptedServer.at(port, replies));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoIsAwayForLongerThanTheDeadlineIsGivenUp() throws Exception {
    int port = freePort();

    Failure failure =
        Samples.failure(
            () ->
                store(1000, Duration.ofHours(1))
                    .fetch(Samples.digest(BODY), url(port), Samples.SILENT));

    assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_TIMEOUT);
    assertThat(failure.sentence())
        .contains("within 1h (download.deadline): no connection could be made");
    assertThat(Duration.ofNanos(clock.nanoTime()))
        .isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    assertThat(clock.pauses()).hasSizeBetween(60, 140);
  }

  @Test
  void aNameThatNobodyKnowsIsSaidToBeUnknown() throws Exception {
    Failure failure =
        Samples.failure(
            () ->
                store(2, Samples.DEADLINE)
                    .fetch(Samples.digest(BODY), "http://" + nowhere() + "/fw", Samples.SILENT));

    assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_FAILED);
    assertThat(failure.sentence()).contains("after 2 tries: the host name is not known here");
  }

  @Test
  void aServerWithoutEncryptionIsNotAskedByHttps() throws Exception {
    serve(0, Replies.whole(BODY));
    String url = "https" + server.orElseThrow().url().substring(4);

    Failure failure =
        Samples.failure(
            () -> store(2, Samples.DEADLINE).fetch(Samples.digest(BODY), url, Samples.SILENT));

    assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_FAILED);
    assertThat(failure.sentence()).contains("no secure connection could be made");
  }

  @Test
  void aServerThatStartsAgainGoesOnWithTheSameImage() throws Exception {
    RecordingProgress progress = new RecordingProgress();
    int port = freePort();
    serve(port, Replies.cut(BODY, 400, progress, "ETag: \"a\""));
    ScriptedServer first = server.orElseThrow();
    FetchProgress stopping =
        (long done, OptionalLong total) -> {
          progress.bytes(done, total);
          if (done == 400) {
            first.close();
          }
        };
    clock.schedule(
        Duration.ofMinutes(5), () -> serve(port, Replies.rest(BODY, 400, "ETag: \"a\"")));

    store(100, Samples.DEADLINE).fetch(Samples.digest(BODY), url(port), stopping);

    assertThat(server.orElseThrow().requests()).hasSize(1);
    assertThat(server.orElseThrow().served()).isEqualTo(600);
  }

  @Test
  void aConnectionKeptAliveAndClosedBetweenTwoDownloadsIsNoFailedTry() throws Exception {
    byte[] other = Samples.bytes(2000);
    serve(0, keepAlive(BODY), keepAlive(other));
    ImageStore store = store(1, Samples.DEADLINE);
    String url = server.orElseThrow().url();

    store.fetch(Samples.digest(BODY), url, Samples.SILENT);
    store.fetch(Samples.digest(other), url, Samples.SILENT);

    assertThat(clock.pauses()).isEmpty();
  }

  /** Promises to stay, and goes. */
  private static Reply keepAlive(byte[] body) {
    return connection -> {
      connection.text("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n");
      connection.body(body, 0, body.length);
    };
  }
}
