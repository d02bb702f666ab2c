package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.ForwardingDisk;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A download that goes on where it was cut, and only where that is safe. */
@IntegrationTest
class ResumeTest {
  private static final byte[] BODY = Samples.bytes(100_000);
  private static final Sha256 DIGEST = Samples.digest(BODY);
  private static final int CUT = 40_000;
  private static final String TAG = "ETag: \"v1\"";

  private final FakeClock clock = FakeClock.jumping();
  private final RecordingProgress progress = new RecordingProgress();
  private Path directory;

  @BeforeEach
  void directory(@TempDir Path scratch) {
    directory = scratch;
  }

  private void fetch(ScriptedServer server, int attempts) throws Exception {
    FirmwareImage image =
        new ImageStore(directory, Samples.settings(attempts), new LocalDisk(), clock)
            .fetch(DIGEST, server.url(), progress);
    assertThat(image.path()).hasBinaryContent(BODY);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(image.path());
    }
  }

  private Reply cut(String... headers) {
    return Replies.cut(BODY, CUT, progress, headers);
  }

  private static List<Optional<String>> ranges(ScriptedServer server) {
    return server.requests().stream().map(request -> request.header("Range")).toList();
  }

  @Test
  void aCutDownloadGoesOnInTheNextTry() throws Exception {
    try (ScriptedServer server = new ScriptedServer(cut(TAG), Replies.rest(BODY, CUT, TAG))) {
      fetch(server, 2);

      assertThat(ranges(server)).containsExactly(Optional.empty(), Optional.of("bytes=40000-"));
      assertThat(server.requests().get(1).header("If-Range")).hasValue("\"v1\"");
      assertThat(progress.seen()).isSorted().endsWith(100_000L);
      assertThat(progress.total()).hasValue(100_000L);
    }
  }

  @Test
  void aCutDownloadGoesOnAfterARestartOfTheDaemon() throws Exception {
    try (ScriptedServer server = new ScriptedServer(cut(TAG), Replies.rest(BODY, CUT, TAG))) {
      assertThat(Samples.failure(() -> fetch(server, 1)).code())
          .isEqualTo(FailureCode.DOWNLOAD_FAILED);
      assertThat(directory.resolve(DIGEST.hex() + ".part")).hasSize(CUT);

      fetch(server, 1);

      assertThat(ranges(server)).containsExactly(Optional.empty(), Optional.of("bytes=40000-"));
    }
  }

  @Test
  void bytesThatTheDiskMayNotHaveTakenAreNotGoneOnFrom() throws Exception {
    Disk failing = new BrokenAtClose();
    try (ScriptedServer server = new ScriptedServer(cut(TAG), Replies.whole(BODY, TAG))) {
      ImageStore store = new ImageStore(directory, Samples.settings(1), failing, clock);
      Samples.failure(() -> store.fetch(DIGEST, server.url(), progress));
      assertThat(directory.resolve(DIGEST.hex() + ".part")).doesNotExist();

      fetch(server, 1);

      assertThat(ranges(server)).containsExactly(Optional.empty(), Optional.empty());
    }
  }

  /** Takes bytes of images, and then cannot tell whether it has them. */
  private static final class BrokenAtClose extends ForwardingDisk {
    @Override
    protected Output output(Path file, Output output) {
      return file.toString().endsWith(".part") ? new BrokenOutput(output) : output;
    }

    private static final class BrokenOutput extends ForwardingOutput {
      private boolean written;

      BrokenOutput(Output output) {
        super(output);
      }

      @Override
      public void write(byte[] bytes, int length) throws IOException {
        written = true;
        super.write(bytes, length);
      }

      @Override
      public void close() throws IOException {
        super.close();
        if (written) {
          throw new IOException("Input/output error");
        }
      }
    }
  }

  @Test
  void whatCameBeforeTheDeadlineIsKept() throws Exception {
    Reply busy = Replies.status("503 Service Unavailable", "Retry-After: 3600");
    try (ScriptedServer server = new ScriptedServer(cut(TAG), busy, Replies.rest(BODY, CUT, TAG))) {
      assertThat(Samples.failure(() -> fetch(server, 3)).code())
          .isEqualTo(FailureCode.DOWNLOAD_TIMEOUT);

      fetch(server, 1);

      assertThat(ranges(server)).endsWith(Optional.of("bytes=40000-"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-None: 1", "ETag: W/\"v1\"", "ETag: v1", "ETag: \"v\"1\""})
  void withoutAStrongTagItBeginsAnew(String header) throws Exception {
    try (ScriptedServer server = new ScriptedServer(cut(header), Replies.whole(BODY))) {
      fetch(server, 2);

      assertThat(ranges(server)).containsExactly(Optional.empty(), Optional.empty());
    }
  }

  @Test
  void aServerThatIgnoresTheRangeIsTakenFromTheBeginning() throws Exception {
    try (ScriptedServer server = new ScriptedServer(cut(TAG), Replies.whole(BODY, TAG))) {
      fetch(server, 2);

      assertThat(ranges(server)).containsExactly(Optional.empty(), Optional.of("bytes=40000-"));
    }
  }

  @Test
  void aChangedImageIsTakenFromTheBeginning() throws Exception {
    Reply old = Replies.cut(Samples.bytes(70_000), CUT, progress, TAG);
    try (ScriptedServer server = new ScriptedServer(old, Replies.whole(BODY, "ETag: \"v2\""))) {
      fetch(server, 2);

      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aChangedImageThatIsCutTooGoesOnUnderItsOwnTag() throws Exception {
    Reply old = Replies.cut(Samples.bytes(70_000), CUT, progress, TAG);
    try (ScriptedServer server =
        new ScriptedServer(
            old,
            Replies.cut(BODY, 50_000, progress, "ETag: \"v2\""),
            Replies.rest(BODY, 50_000, "ETag: \"v2\""))) {
      fetch(server, 3);

      assertThat(server.requests().get(2).header("If-Range")).hasValue("\"v2\"");
    }
  }

  @Test
  void aPartOfAnotherTagIsNotAppended() throws Exception {
    assertBeginsAnewAfter(Replies.rest(BODY, CUT, "ETag: \"v2\""));
  }

  @Test
  void aPartFromAnotherPlaceIsNotAppended() throws Exception {
    assertBeginsAnewAfter(Replies.rest(BODY, CUT - 1, TAG));
  }

  @Test
  void aPartWithoutItsRangeIsNotAppended() throws Exception {
    assertBeginsAnewAfter(Replies.status("206 Partial Content", TAG));
  }

  @Test
  void aRangeThatCannotBeGivenBeginsAnew() throws Exception {
    assertBeginsAnewAfter(Replies.status("416 Range Not Satisfiable"));
  }

  private void assertBeginsAnewAfter(Reply reply) throws Exception {
    try (ScriptedServer server = new ScriptedServer(cut(TAG), reply, Replies.whole(BODY, TAG))) {
      fetch(server, 2);

      assertThat(ranges(server))
          .containsExactly(Optional.empty(), Optional.of("bytes=40000-"), Optional.empty());
    }
  }

  @Test
  void aShortPartIsGoneOnFrom() throws Exception {
    Reply some =
        connection -> {
          connection.head(
              "206 Partial Content",
              "Content-Length: 10000",
              "Content-Range: bytes 40000-49999/100000");
          connection.body(BODY, CUT, 50_000);
        };
    try (ScriptedServer server =
        new ScriptedServer(cut(TAG), some, Replies.rest(BODY, 50_000, TAG))) {
      fetch(server, 3);

      assertThat(ranges(server)).endsWith(Optional.of("bytes=50000-"));
    }
  }

  @Test
  void aPartThatAPowerCutSpoiltIsFetchedCleanly() throws Exception {
    byte[] zeros = new byte[CUT];
    Files.write(directory.resolve(DIGEST.hex() + ".part"), zeros);
    Files.writeString(directory.resolve(DIGEST.hex() + ".part.etag"), "\"v1\"");
    try (ScriptedServer server =
        new ScriptedServer(Replies.rest(BODY, CUT, TAG), Replies.whole(BODY, TAG))) {
      fetch(server, 1);

      assertThat(ranges(server)).containsExactly(Optional.of("bytes=40000-"), Optional.empty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\0\0\0\0", "\"v1", "W/\"v1\""})
  void aSpoiltTagFileIsIgnored(String tag) throws Exception {
    Files.write(directory.resolve(DIGEST.hex() + ".part"), new byte[CUT]);
    Files.writeString(directory.resolve(DIGEST.hex() + ".part.etag"), tag);
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      fetch(server, 1);

      assertThat(ranges(server)).containsExactly(Optional.empty());
    }
  }

  @Test
  void aTagFileWithoutItsPartIsHarmless() throws Exception {
    Files.writeString(directory.resolve(DIGEST.hex() + ".part.etag"), "\"v1\"");
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      fetch(server, 1);

      assertThat(ranges(server)).containsExactly(Optional.empty());
    }
  }
}
