package io.github.childconnector.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.httpupload.FakeBoard;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon with a device that has an update page, from the request to the status. */
@IntegrationTest
class HttpUploadDaemonTest {
  private static final String SERVING = "Serving 1 child";
  private static final String EXECUTING = "{\"id\":\"op\",\"status\":\"executing\"}";
  private static final String SUCCESSFUL = "{\"id\":\"op\",\"status\":\"successful\"}";

  @TempDir Path directory;
  private Gateway gateway;
  private FakeBoard board;
  private final AtomicReference<String> version = new AtomicReference<>("1.0");
  private final AtomicInteger uploads = new AtomicInteger();

  @BeforeEach
  void open() throws IOException {
    gateway = new Gateway(directory);
    board = new FakeBoard();
    board.on(
        "GET /status",
        visit -> visit.answer("200 OK", "{\"fw\":{\"version\":\"" + version.get() + "\"}}"));
    board.on("POST /update", this::flash);
  }

  @AfterEach
  void close() throws IOException {
    board.close();
    gateway.close();
  }

  /** As small devices do it: 200 in any case, and a restart behind the answer. */
  private void flash(FakeBoard.Visit visit) throws IOException {
    uploads.incrementAndGet();
    visit.readBody();
    String image = new String(visit.file(), UTF_8);
    if (image.startsWith("firmware 6")) {
      visit.answer("200 OK", "Update error: bad magic byte");
    } else {
      version.set(image.substring("firmware ".length(), image.indexOf("firmware ", 1)));
      visit.answer("200 OK", "Update Success! Rebooting...");
    }
  }

  private void child(String... keys) {
    gateway.children(
        """
        [[child]]
        id = "board"
        adapter = "httpupload"
        confirm_timeout = "2s"
        [child.httpupload]
        url = "%s"
        failure_pattern = "Update error"
        version_url = "%s"
        version_pointer = "/fw/version"
        %s
        """
            .formatted(board.url("/update"), board.url("/status"), String.join("\n", keys)));
  }

  @Test
  void theDeviceRunsTheNewVersion() throws Exception {
    child();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("board", "op", "2.0");
      assertThat(gateway.awaitEnd("board", "op")).containsExactly(EXECUTING, SUCCESSFUL);
      assertThat(daemon.log()).contains("Update Success! Rebooting...").doesNotContain("ERROR");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(version).hasValue("2.0");
    assertThat(uploads).hasValue(1);
  }

  @Test
  void theDeviceRefusesTheImageAndTheReasonIsTold() throws Exception {
    child();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("board", "op", "6.6");
      assertThat(gateway.awaitEnd("board", "op").get(1))
          .contains("\"failed\"", "install-failed: ", "Update error: bad magic byte")
          .contains("The device runs 1.0.");
      assertThat(daemon.stop()).isZero();
    }
  }

  @Test
  void theDeviceSaysYesButKeepsItsVersion() throws Exception {
    board.on(
        "POST /update",
        visit -> {
          visit.readBody();
          visit.answer("200 OK", "OK");
        });
    child();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("board", "op", "2.0");
      assertThat(gateway.awaitEnd("board", "op").get(1))
          .contains("\"failed\"", "not-confirmed: ", "The device runs 1.0.");
      assertThat(daemon.stop()).isZero();
    }
  }

  /** Kills the daemon while the device takes the image, and returns when both have gone. */
  private void killInTheMiddle() throws Exception {
    CountDownLatch killed = new CountDownLatch(1);
    board.on(
        "POST /update",
        visit -> {
          uploads.incrementAndGet();
          killed.await();
        });
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog(SERVING);
      gateway.send("board", "op", "2.0");
      await().until(() -> uploads.get() == 1);
      gateway.awaitStatus("board");
      daemon.kill();
    }
    killed.countDown();
    board.on("POST /update", this::flash);
  }

  @Test
  void killedInTheMiddleItAsksTheDevice() throws Exception {
    child();
    killInTheMiddle();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("board", "op").get(1))
          .contains("\"failed\"", "interrupted: ", "The device runs 1.0.");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(uploads).hasValue(1);
  }

  @Test
  void killedInTheMiddleItSendsTheImageAgainWhereThatIsAllowed() throws Exception {
    child("repeatable = true");
    killInTheMiddle();
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("board", "op")).containsExactly(EXECUTING, SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
    assertThat(version).hasValue("2.0");
    assertThat(uploads).hasValue(2);
  }

  @Test
  void killedBehindTheImageItSeesTheLateSuccess() throws Exception {
    child();
    killInTheMiddle();
    version.set("2.0");
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("board", "op")).containsExactly(EXECUTING, SUCCESSFUL);
      assertThat(daemon.stop()).isZero();
    }
    assertThat(uploads).hasValue(1);
  }
}
