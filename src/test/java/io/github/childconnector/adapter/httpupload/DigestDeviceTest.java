package io.github.childconnector.adapter.httpupload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.RecordingProgress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices that want digest authentication, and do not always say so in time. */
@IntegrationTest
class DigestDeviceTest {
  private static final byte[] IMAGE = Bench.bytes(20_000);
  private static final String POST = "POST /update";
  private static final String GET = "GET /update";
  private static final String CHALLENGE =
      "WWW-Authenticate: Digest realm=\"board\", qop=\"auth\", nonce=\"%s\", algorithm=MD5";

  private final RecordingProgress progress = new RecordingProgress();
  private final FakeBoard board;
  private final Bench bench;

  DigestDeviceTest(@TempDir Path directory) throws IOException {
    board = new FakeBoard();
    bench = new Bench(directory);
  }

  @AfterEach
  void close() {
    board.close();
  }

  private void install() throws Exception {
    bench
        .adapter(
            "url = \"" + board.url("/update") + "\"",
            "auth = \"digest\"",
            "username = \"admin\"",
            "password_file = " + bench.secret("s3cret"))
        .install(bench.installation(IMAGE), progress);
  }

  private static void refuse(FakeBoard.Visit visit, String nonce) throws IOException {
    visit.answer("401 Unauthorized", "", CHALLENGE.formatted(nonce));
  }

  /** Accepts whoever uses a nonce; that the answer itself is right, others test. */
  private static void acceptWith(String nonce, FakeBoard.Visit visit) throws IOException {
    visit.readBody();
    if (visit.header("Authorization").filter(it -> it.contains(nonce)).isPresent()) {
      visit.answer("200 OK", "OK");
    } else {
      refuse(visit, nonce);
    }
  }

  @Test
  void theImageIsSentOnceBehindItsChallenge() throws Exception {
    board.on(GET, visit -> acceptWith("n1", visit)).on(POST, visit -> acceptWith("n1", visit));

    install();
    assertThat(board.visits(POST)).hasSize(1);
    assertThat(board.visits(POST).get(0).header("Authorization").orElse(""))
        .startsWith("Digest username=\"admin\", realm=\"board\", nonce=\"n1\", uri=\"/update\"")
        .contains("nc=00000002")
        .doesNotContain("s3cret");
  }

  @Test
  void aWrongPasswordIsSeenBeforeTheImage() {
    board.on(GET, visit -> refuse(visit, "n1"));

    assertThat(Bench.failure(this::install).sentence())
        .contains("it answered 401; check auth, username and the password");
    assertThat(board.visits(GET)).hasSize(2);
    assertThat(board.visits(POST)).isEmpty();
  }

  @Test
  void aStaleNonceIsReplaced() throws Exception {
    AtomicInteger posts = new AtomicInteger();
    board
        .on(GET, visit -> acceptWith("n1", visit))
        .on(
            POST,
            visit -> {
              if (posts.incrementAndGet() == 1) {
                visit.readBody();
                refuse(visit, "n2\", stale=\"true");
              } else {
                acceptWith("n2", visit);
              }
            });

    install();
    assertThat(board.visits(POST)).hasSize(2);
  }

  @Test
  void aNonceThatIsAlwaysStaleIsNotReplacedForEver() {
    board
        .on(GET, visit -> acceptWith("n1", visit))
        .on(
            POST,
            visit -> {
              visit.readBody();
              refuse(visit, "n2\", stale=\"true");
            });

    assertThat(Bench.failure(this::install).sentence()).contains("answered 401");
    assertThat(board.visits(POST)).hasSize(3);
  }

  @Test
  void aDeviceThatAsksAtTheImageOnlyIsSentItAgain() throws Exception {
    board.on(POST, visit -> acceptWith("n1", visit));

    install();
    assertThat(board.visits(POST)).hasSize(2);
  }

  @Test
  void aDeviceWithoutAPasswordTakesTheImage() throws Exception {
    board
        .on(GET, visit -> visit.answer("200 OK", "<form>"))
        .on(
            POST,
            visit -> {
              visit.readBody();
              visit.answer("200 OK", "OK");
            });

    install();
    assertThat(board.visits(POST)).hasSize(1);
    assertThat(board.visits(POST).get(0).file()).isEqualTo(IMAGE);
  }

  @Test
  void itIsBusyWhenAskedForItsChallenge() {
    board.on(GET, visit -> visit.answer("409 Conflict", "updating"));

    assertThatThrownBy(this::install)
        .isInstanceOf(DeviceBusyException.class)
        .hasMessageEndingWith("answered 409: updating");
  }
}
