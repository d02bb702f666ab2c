package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.image.Replies;
import io.github.childconnector.image.ScriptedServer;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.world.Daemon;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of an image has come when the daemon ends in the middle of it is not fetched again. */
@Tag("matrix")
@IntegrationTest
class ResumeAcrossRestartTest {
  private static final String TAG = "ETag: \"v1\"";
  private static final byte[] IMAGE = Gateway.image("2.0".repeat(20));
  private static final String DIGEST = DigestUtils.sha256Hex(IMAGE);
  private static final int CUT = 40_000;

  @TempDir Path directory;
  private Gateway gateway;
  private FakeDevice device;

  private interface End {
    void end(Daemon daemon) throws InterruptedException;
  }

  @BeforeEach
  void open() throws IOException {
    gateway = new Gateway(directory);
    device = gateway.child("plc");
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
  }

  private static Reply begun(String... headers) {
    return connection -> {
      connection.head("200 OK", headers);
      connection.body(IMAGE, 0, CUT);
      connection.hang();
    };
  }

  @Test
  void killedInTheMiddleOfABodyItGoesOnFromThere() throws Exception {
    assertGoesOnAfter(Daemon::kill);
  }

  @Test
  void stoppedInTheMiddleOfABodyItGoesOnFromThere() throws Exception {
    assertGoesOnAfter(daemon -> assertThat(daemon.stop()).isZero());
  }

  private void assertGoesOnAfter(End end) throws Exception {
    Reply rest = Replies.rest(IMAGE, CUT, TAG);
    try (ScriptedServer server =
        new ScriptedServer(begun("Content-Length: " + IMAGE.length, TAG), rest)) {
      assertUpdatesAcross(end, server);
      assertThat(server.requests().get(1).header("Range")).hasValue("bytes=" + CUT + "-");
      assertThat(server.requests().get(1).header("If-Range")).hasValue("\"v1\"");
      assertThat(server.served()).isEqualTo(IMAGE.length);
    }
  }

  @Test
  void fromAServerThatKnowsNoPartsItBeginsAnew() throws Exception {
    Reply unknown =
        connection -> {
          connection.head("200 OK");
          connection.body(IMAGE, 0, CUT);
          connection.hang();
        };
    try (ScriptedServer server = new ScriptedServer(unknown, Replies.chunked(IMAGE))) {
      assertUpdatesAcross(Daemon::kill, server);
      assertThat(server.requests().get(1).header("Range")).isEqualTo(Optional.empty());
      assertThat(server.served()).isEqualTo(CUT + IMAGE.length);
    }
  }

  private void assertUpdatesAcross(End end, ScriptedServer server) throws Exception {
    try (Daemon daemon = Daemon.start(gateway.config())) {
      daemon.awaitLog("Serving 1 child");
      gateway
          .cloud()
          .publish(Gateway.requestTopic("plc"), Gateway.request("op", "2.0", DIGEST, server.url()));
      Path part = gateway.storage().resolve("images").resolve(DIGEST + ".part");
      await().until(() -> Files.exists(part) && Files.size(part) == CUT);
      gateway.awaitStatus("plc");
      end.end(daemon);
    }
    try (Daemon daemon = Daemon.start(gateway.config())) {
      assertThat(gateway.awaitEnd("plc", "op"))
          .containsExactly(
              "{\"id\":\"op\",\"status\":\"executing\"}",
              "{\"id\":\"op\",\"status\":\"successful\"}");
      assertThat(daemon.stop()).isZero();
    }
    assertThat(device.image()).isEqualTo(IMAGE);
    assertThat(device.installs()).isEqualTo(1);
    assertThat(server.requests()).hasSize(2);
    assertThat(gateway.storage().resolve("images").toFile().list()).containsExactly(DIGEST);
  }
}
