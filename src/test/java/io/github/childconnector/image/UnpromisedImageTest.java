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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images whose digest nobody has promised: the server's word says when they are whole. */
@IntegrationTest
class UnpromisedImageTest {
  private static final byte[] BODY = Samples.bytes(100_000);
  private static final String DIGEST = Samples.digest(BODY).hex();
  private static final int CUT = 40_000;
  private static final String TAG = "ETag: \"v1\"";

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

  private Reply cut() {
    return Replies.cut(BODY, CUT, progress, TAG);
  }

  private Path part(ScriptedServer server) {
    return directory.resolve(address(server.url()).hex() + ".url.part");
  }

  private static Sha256 address(String url) {
    return Sha256.of(url.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private void assertFetched(FirmwareImage image) throws IOException {
    assertThat(image.path()).isEqualTo(directory.resolve(DIGEST)).hasBinaryContent(BODY);
    assertThat(image.digest().hex()).isEqualTo(DIGEST);
    assertThat(image.size()).isEqualTo(BODY.length);
    assertThat(files()).containsExactly(DIGEST);
  }

  @Test
  void anImageIsNamedByTheDigestOfWhatCame() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      assertFetched(store(1).fetch(server.url(), progress));

      assertThat(progress.seen()).isSorted().endsWith((long) BODY.length);
      assertThat(progress.total()).hasValue(BODY.length);
    }
  }

  @Test
  void chunksSayWhereAnImageEnds() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.chunked(BODY))) {
      assertFetched(store(1).fetch(server.url(), progress));
    }
  }

  @Test
  void whatMayBeOnlyTheBeginningIsRefused() throws Exception {
    Reply endsWithTheConnection =
        connection -> {
          connection.head("200 OK");
          connection.body(BODY, 0, BODY.length);
        };
    try (ScriptedServer server = new ScriptedServer(endsWithTheConnection)) {
      Failure failure = Samples.failure(() -> store(3).fetch(server.url(), progress));

      assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_REFUSED);
      assertThat(failure.sentence()).contains("where it ends", "make it send one Content-Length");
      assertThat(directory).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/html", "Text/HTML; charset=utf-8", "application/xhtml+xml"})
  void aWebPageIsNoFirmware(String type) throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY, "Content-Type: " + type))) {
      Failure failure = Samples.failure(() -> store(3).fetch(server.url(), progress));

      assertThat(failure.code()).isEqualTo(FailureCode.DOWNLOAD_REFUSED);
      assertThat(failure.sentence()).contains("sent a web page");
    }
  }

  @Test
  void anImageOfNoBytesIsRefused() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.whole(new byte[0]))) {
      Failure failure = Samples.failure(() -> store(3).fetch(server.url(), progress));

      assertThat(failure.code()).isEqualTo(FailureCode.REQUEST_INVALID);
      assertThat(failure.sentence()).contains("is empty").endsWith("Upload the firmware again.");
      assertThat(server.requests()).hasSize(1);
      assertThat(directory).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example/x", "file:///etc/passwd", "ftp://127.0.0.1/x"})
  void anAddressThatIsNotAllowedIsRefused(String url) throws Exception {
    assertThat(Samples.failure(() -> store(1).fetch(url, progress)).code())
        .isEqualTo(FailureCode.URL_REFUSED);
  }

  @Test
  void whoeverAsksWhileItComesGetsTheSame() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Reply slow =
        connection -> {
          release.await();
          Replies.whole(BODY).send(connection);
        };
    try (ScriptedServer server = new ScriptedServer(slow)) {
      ImageStore store = store(1);
      List<CompletableFuture<FirmwareImage>> children = new ArrayList<>();
      for (int child = 0; child < 5; child++) {
        CompletableFuture<FirmwareImage> image = new CompletableFuture<>();
        new Thread(() -> image.complete(fetch(store, server.url())), "child-" + child).start();
        children.add(image);
      }
      await().until(() -> !server.requests().isEmpty());
      release.countDown();

      for (CompletableFuture<FirmwareImage> child : children) {
        assertFetched(child.get());
      }
      assertThat(server.requests()).hasSize(1);
    }
  }

  private FirmwareImage fetch(ImageStore store, String url) {
    try {
      return store.fetch(url, progress);
    } catch (UpdateException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatCameServesThoseWhoWaitedAndThenTheAddressIsAskedAgain() throws Exception {
    byte[] other = Samples.bytes(70_000);
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY), Replies.whole(other))) {
      ImageStore store = store(1);
      store.fetch(server.url(), progress);
      store.prune(Set.of(), Set.of(server.url()));

      assertFetched(store.fetch(server.url(), progress));
      assertThat(server.requests()).hasSize(1);

      store.prune(Set.of(), Set.of());
      assertThat(store.fetch(server.url(), progress).path())
          .isEqualTo(directory.resolve(Samples.digest(other).hex()))
          .hasBinaryContent(other);
      assertThat(files()).hasSize(2);
    }
  }

  @Test
  void nobodyGetsWhatCameLongAgo() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      ImageStore store = store(1);
      store.fetch(server.url(), progress);
      clock.advance(Samples.DEADLINE.minusSeconds(1));
      store.fetch(server.url(), progress);
      assertThat(server.requests()).hasSize(1);

      clock.advance(Samples.DEADLINE.plusSeconds(1));
      store.fetch(server.url(), progress);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void anImageThatIsGoneIsFetchedAnew() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      ImageStore store = store(1);
      Files.delete(store.fetch(server.url(), progress).path());

      assertFetched(store.fetch(server.url(), progress));
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aCutDownloadGoesOnInTheNextTry() throws Exception {
    try (ScriptedServer server = new ScriptedServer(cut(), Replies.rest(BODY, CUT, TAG))) {
      assertFetched(store(2).fetch(server.url(), progress));

      assertThat(server.requests().get(1).header("Range")).hasValue("bytes=40000-");
      assertThat(server.requests().get(1).header("If-Range")).hasValue("\"v1\"");
    }
  }

  @Test
  void aCutDownloadGoesOnAfterARestartOfTheDaemon() throws Exception {
    try (ScriptedServer server = new ScriptedServer(cut(), Replies.rest(BODY, CUT, TAG))) {
      begin(server);
      store(1).prune(Set.of(), Set.of(server.url()));

      assertFetched(store(1).fetch(server.url(), progress));
      assertThat(server.requests().get(1).header("Range")).hasValue("bytes=40000-");
    }
  }

  private void begin(ScriptedServer server) throws Exception {
    assertThat(Samples.failure(() -> store(1).fetch(server.url(), progress)).code())
        .isEqualTo(FailureCode.DOWNLOAD_FAILED);
    assertThat(part(server)).hasSize(CUT);
  }

  /** As a power cut leaves it, whose bytes no digest would tell from the right ones. */
  @ParameterizedTest
  @ValueSource(ints = {0, CUT - 1})
  void aPartThatHasChangedSinceBeginsAnew(int at) throws Exception {
    try (ScriptedServer server = new ScriptedServer(cut(), Replies.whole(BODY, TAG))) {
      begin(server);
      byte[] bytes = Files.readAllBytes(part(server));
      bytes[at] ^= 1;
      Files.write(part(server), bytes);

      assertFetched(store(1).fetch(server.url(), progress));
      assertThat(server.requests().get(1).headers()).doesNotContainKey("Range");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"v1\"", "\"v1\" 40000", "\"v1\" 40000 e3b0", "W/\"v1\" 40000 %s"})
  void aPartWithoutAValidTagBeginsAnew(String tag) throws Exception {
    try (ScriptedServer server = new ScriptedServer(cut(), Replies.whole(BODY, TAG))) {
      begin(server);
      String digest = Sha256.of(Files.readAllBytes(part(server))).hex();
      Files.writeString(
          part(server).resolveSibling(part(server).getFileName() + ".etag"), tag.formatted(digest));

      assertFetched(store(1).fetch(server.url(), progress));
      assertThat(server.requests().get(1).headers()).doesNotContainKey("Range");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-None: 1", "ETag: W/\"v1\"", "ETag: \"v2\""})
  void aRestThatDoesNotSayWhatItContinuesIsNotAppended(String header) throws Exception {
    byte[] changed = BODY.clone();
    changed[77_777] ^= 4;
    try (ScriptedServer server =
        new ScriptedServer(cut(), Replies.rest(changed, CUT, header), Replies.whole(changed))) {
      assertThat(store(2).fetch(server.url(), progress).path()).hasBinaryContent(changed);
      assertThat(server.requests()).hasSize(3);
    }
  }

  @Test
  void aRestThatDoesNotSayWhereItEndsIsNotAppended() throws Exception {
    Reply some =
        connection -> {
          connection.head(
              "206 Partial Content",
              TAG,
              "Content-Length: 10000",
              "Content-Range: bytes 40000-49999/*");
          connection.body(BODY, CUT, 50_000);
        };
    try (ScriptedServer server = new ScriptedServer(cut(), some, Replies.whole(BODY))) {
      assertFetched(store(2).fetch(server.url(), progress));
    }
  }

  @Test
  void pruningKeepsWhatHasBegunToComeFromANeededAddress() throws Exception {
    for (String url : List.of("http://127.0.0.1/a", "http://127.0.0.1/b")) {
      Files.write(directory.resolve(address(url) + ".url.part"), BODY);
      Files.write(directory.resolve(address(url) + ".url.part.etag"), BODY);
    }
    String needed = address("http://127.0.0.1/a") + ".url.part";
    Files.write(directory.resolve(address("http://127.0.0.1/a") + ".part"), BODY);

    store(1).prune(Set.of(), Set.of("http://127.0.0.1/a"));

    assertThat(files()).containsExactlyInAnyOrder(needed, needed + ".etag");
  }

  @Test
  void pruningLeavesADownloadAlone() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY, TAG))) {
      ImageStore store = store(1);

      assertFetched(store.fetch(server.url(), (done, total) -> store.prune(Set.of(), Set.of())));
    }
  }

  @Test
  void whatCameFromANeededAddressIsKeptWhenThereIsLittleRoom() throws Exception {
    ScriptedDisk disk = new ScriptedDisk();
    ImageStore store = new ImageStore(directory, Samples.settings(1, 200_000, 100), disk, clock);
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      store.fetch(server.url(), progress);
      disk.free(200_000);
      store.prune(Set.of(), Set.of(server.url()));
      assertThat(files()).containsExactly(DIGEST);

      store.prune(Set.of(), Set.of());
      assertThat(files()).isEmpty();
    }
  }
}
