package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@IntegrationTest
class RedirectTest {
  private static final byte[] BODY = Samples.bytes(100_000);
  private static final Sha256 DIGEST = Samples.digest(BODY);

  private Path directory;

  @BeforeEach
  void directory(@TempDir Path scratch) {
    directory = scratch;
  }

  private FirmwareImage fetch(ScriptedServer server) throws Exception {
    return new ImageStore(directory, Samples.settings(3), new LocalDisk(), FakeClock.jumping())
        .fetch(DIGEST, server.url(), Samples.SILENT);
  }

  private static Reply to(int status, String location) {
    return Replies.status(status + " Elsewhere", "Location: " + location);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void anotherPortOfTheHostIsFollowed(int status) throws Exception {
    try (ScriptedServer target = new ScriptedServer(Replies.whole(BODY));
        ScriptedServer server = new ScriptedServer(to(status, target.url()))) {
      assertThat(fetch(server).path()).hasBinaryContent(BODY);
      assertThat(server.requests()).hasSize(1);
      assertThat(target.requests()).hasSize(1);
    }
  }

  @Test
  void aRelativeLocationIsFollowed() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(to(307, "/te/v1/files/the child/fw"), Replies.whole(BODY))) {
      fetch(server);

      assertThat(server.requests().get(1).line())
          .isEqualTo("GET /te/v1/files/the%20child/fw HTTP/1.1");
    }
  }

  @Test
  void aResumedDownloadIsRedirectedToo() throws Exception {
    RecordingProgress progress = new RecordingProgress();
    try (ScriptedServer server =
        new ScriptedServer(
            to(307, "/x"),
            Replies.cut(BODY, 1000, progress, "ETag: \"a\""),
            to(307, "/x"),
            Replies.rest(BODY, 1000, "ETag: \"a\""))) {
      new ImageStore(directory, Samples.settings(2), new LocalDisk(), FakeClock.jumping())
          .fetch(DIGEST, server.url(), progress);

      assertThat(server.requests().get(3).header("Range")).hasValue("bytes=1000-");
    }
  }

  @Test
  void aForeignHostIsNeverAsked() throws Exception {
    try (ScriptedServer foreign = new ScriptedServer(Replies.whole(BODY));
        ScriptedServer server =
            new ScriptedServer(to(307, foreign.url().replace("127.0.0.1", "localhost")))) {
      Failure failure = Samples.failure(() -> fetch(server));

      assertThat(failure.code()).isEqualTo(FailureCode.URL_REFUSED);
      assertThat(failure.sentence())
          .contains("redirects to http://localhost:", "add localhost to download.allowed_hosts")
          .doesNotContain("secret");
      assertThat(foreign.requests()).isEmpty();
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aLoopEnds() throws Exception {
    try (ScriptedServer server = new ScriptedServer(to(302, "/again"))) {
      Failure failure = Samples.failure(() -> fetch(server));

      assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_REFUSED);
      assertThat(failure.sentence()).contains("redirects without end");
      assertThat(server.requests()).hasSize(6);
    }
  }
}
