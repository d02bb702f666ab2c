package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are too slow, and a daemon that is told to stop meanwhile. */
@IntegrationTest
class PatienceTest {
  private static final byte[] BODY = Samples.bytes(100_000);
  private static final Sha256 DIGEST = Samples.digest(BODY);

  private final FakeClock clock = FakeClock.standing();
  private final RecordingProgress progress = new RecordingProgress();
  private final CompletableFuture<FirmwareImage> fetched = new CompletableFuture<>();
  private Path directory;

  @BeforeEach
  void directory(@TempDir Path scratch) {
    directory = scratch;
  }

  private Thread start(ScriptedServer server, int attempts) throws UpdateException {
    ImageStore store =
        new ImageStore(directory, Samples.settings(attempts), new LocalDisk(), clock);
    Thread thread = new Thread(() -> fetch(store, server.url()), "fetch");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void fetch(ImageStore store, String url) {
    try {
      fetched.complete(store.fetch(DIGEST, url, progress));
    } catch (UpdateException | InterruptedException e) {
      fetched.completeExceptionally(e);
    }
  }

  private void letTimePassUntilItEnds() {
    await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              clock.advance(Duration.ofSeconds(1));
              return fetched.isDone();
            });
  }

  private Throwable end() throws InterruptedException {
    try {
      throw new AssertionError("fetched " + fetched.get(90, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return Optional.ofNullable(e.getCause()).orElse(e);
    } catch (TimeoutException e) {
      throw new AssertionError("the download hangs", e);
    }
  }

  private Failure failure() throws InterruptedException {
    return ((UpdateException) end()).failure();
  }

  @Test
  void aBodyThatStopsIsAbandoned() throws Exception {
    Reply stops =
        connection -> {
          connection.head("200 OK", "Content-Length: 100000");
          connection.body(BODY, 0, 1000);
          connection.hang();
        };
    try (ScriptedServer server = new ScriptedServer(stops)) {
      start(server, 1);
      progress.await(1000);
      letTimePassUntilItEnds();

      assertThat(failure().code()).isEqualTo(FailureCode.DOWNLOAD_FAILED);
      assertThat(failure().sentence()).contains("nothing came for 30s (download.stall_timeout)");
    }
  }

  @Test
  void headersThatDoNotComeAreAbandoned() throws Exception {
    Reply silent = ScriptedServer.Connection::hang;
    try (ScriptedServer server = new ScriptedServer(silent)) {
      start(server, 1);
      await().until(() -> !server.requests().isEmpty());
      letTimePassUntilItEnds();

      assertThat(failure().sentence()).contains("nothing came for 30s (download.stall_timeout)");
    }
  }

  @Test
  void aStallIsFollowedByAnotherTry() throws Exception {
    Reply silent = ScriptedServer.Connection::hang;
    try (ScriptedServer server = new ScriptedServer(silent, Replies.whole(BODY))) {
      // On a busy machine the second request may be too late too.
      start(server, 100);
      await().until(() -> !server.requests().isEmpty());
      letTimePassUntilItEnds();

      assertThat(fetched.get().path()).hasBinaryContent(BODY);
      assertThat(server.requests()).hasSizeGreaterThan(1);
    }
  }

  @Test
  void aByteEveryTenSecondsDoesNotLiveForEver() throws Exception {
    Reply trickle =
        connection -> {
          connection.head("200 OK", "Content-Length: 100000");
          for (int sent = 1; sent < BODY.length; sent++) {
            connection.body(BODY, sent - 1, sent);
            progress.await(sent);
            clock.advance(Duration.ofSeconds(10));
          }
        };
    try (ScriptedServer server = new ScriptedServer(trickle)) {
      start(server, 3);

      assertThat(failure().code()).isEqualTo(FailureCode.DOWNLOAD_TIMEOUT);
      assertThat(failure().sentence())
          .contains("within 30m (download.deadline): it was still coming");
      assertThat(progress.seen()).hasSizeBetween(179, 181);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void anInterruptInTheBodyKeepsWhatCame() throws Exception {
    Reply stops =
        connection -> {
          connection.head("200 OK", "Content-Length: 100000", "ETag: \"a\"");
          connection.body(BODY, 0, 1000);
          connection.hang();
        };
    try (ScriptedServer server = new ScriptedServer(stops, Replies.rest(BODY, 1000))) {
      Thread thread = start(server, 3);
      progress.await(1000);
      thread.interrupt();

      assertThat(end()).isInstanceOf(InterruptedException.class);
      await().until(() -> !thread.isAlive());
      assertThat(directory.resolve(DIGEST.hex() + ".part")).hasSize(1000);
      new ImageStore(directory, Samples.settings(1), new LocalDisk(), clock)
          .fetch(DIGEST, server.url(), progress);
      assertThat(server.requests().get(1).header("Range")).hasValue("bytes=1000-");
    }
  }

  @Test
  void anInterruptBeforeTheHeadersEndsTheFetch() throws Exception {
    Reply silent = ScriptedServer.Connection::hang;
    try (ScriptedServer server = new ScriptedServer(silent)) {
      Thread thread = start(server, 3);
      await().until(() -> !server.requests().isEmpty());
      thread.interrupt();

      assertThat(end()).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void anInterruptInAPauseEndsTheFetch() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.status("503 Unavailable"))) {
      Thread thread = start(server, 3);
      clock.awaitSleepers(1);
      thread.interrupt();

      assertThat(end()).isInstanceOf(InterruptedException.class);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void anInterruptWhileBytesPourInEndsTheFetch() throws Exception {
    Reply endless =
        connection -> {
          connection.head("200 OK", "ETag: \"a\"");
          for (int round = 0; round < 90; round++) {
            connection.body(BODY, 0, BODY.length);
          }
          connection.hang();
        };
    try (ScriptedServer server = new ScriptedServer(endless)) {
      Thread thread = start(server, 3);
      await().until(() -> !progress.seen().isEmpty());
      thread.interrupt();

      assertThat(end()).isInstanceOf(InterruptedException.class);
    }
  }
}
