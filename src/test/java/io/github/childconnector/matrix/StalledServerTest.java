package io.github.childconnector.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.image.Replies;
import io.github.childconnector.image.ScriptedServer;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file server that misbehaves towards one child means for the others. */
@IntegrationTest
class StalledServerTest {
  private static final byte[] IMAGE = Gateway.image("3.0");

  @TempDir Path directory;
  private Gateway gateway;

  @BeforeEach
  void open() throws IOException {
    gateway = new Gateway(directory);
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
  }

  private List<FakeDevice> start(String... children) throws Exception {
    List<FakeDevice> devices = Stream.of(children).map(gateway::child).toList();
    gateway.start();
    gateway.broker.awaitSaved(Gateway.requestTopic(children[0]));
    gateway.awaitServing();
    return devices;
  }

  private void send(String child, byte[] image, String url) throws IOException {
    String request = Gateway.request("op-" + child, "3.0", DigestUtils.sha256Hex(image), url);
    gateway.cloud().publish(Gateway.requestTopic(child), request);
  }

  private static void awaitRequests(ScriptedServer server, int count) {
    await().pollInterval(Duration.ofMillis(5)).until(() -> server.requests().size() >= count);
  }

  @Test
  void theOthersGoOnWhileOneDownloadStalls() throws Exception {
    start("stuck", "a", "b", "c");
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::hang)) {
      send("stuck", IMAGE, server.url());
      awaitRequests(server, 1);
      for (String child : new String[] {"a", "b", "c"}) {
        gateway.send(child, "op", "2." + child);
        assertThat(gateway.awaitEnd(child, "op").get(1)).contains("successful");
      }
      gateway.stop();
    }
  }

  @Test
  void anAddressThatIsRefusedDoesNotWaitForADownload() throws Exception {
    start("stuck", "too", "refused");
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::hang)) {
      send("stuck", IMAGE, server.url());
      send("too", Gateway.image("4.0"), server.url());
      awaitRequests(server, 2);
      send("refused", IMAGE, "http://192.0.2.1/fw");
      assertThat(gateway.awaitEnd("refused", "op-refused").get(1)).contains("url-refused: ");
      gateway.stop();
    }
  }

  @Test
  void theSecondChildWithAnImageHasATryOfItsOwn() throws Exception {
    List<FakeDevice> devices = start("first", "second");
    CountDownLatch release = new CountDownLatch(1);
    Reply gone =
        connection -> {
          release.await();
          Replies.status("404 Not Found").send(connection);
        };
    try (ScriptedServer server = new ScriptedServer(gone, Replies.whole(IMAGE))) {
      send("first", IMAGE, server.url());
      awaitRequests(server, 1);
      send("second", IMAGE, server.url());
      gateway.awaitStatus("second");
      release.countDown();
      assertThat(gateway.awaitEnd("first", "op-first").get(1)).contains("download-refused: ");
      assertThat(gateway.awaitEnd("second", "op-second").get(1)).contains("successful");
      assertThat(devices.get(0).installs()).isZero();
      assertThat(devices.get(1).image()).isEqualTo(IMAGE);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void whatGoesWrongMeanwhileIsLoggedWithItsOperation() throws Exception {
    start("plc");
    try (ScriptedServer server =
            new ScriptedServer(Replies.status("503 Busy"), Replies.whole(IMAGE));
        RecordingLog log = RecordingLog.of("io.github.childconnector.update")) {
      send("plc", IMAGE, server.url());
      assertThat(gateway.awaitEnd("plc", "op-plc").get(1)).contains("successful");
      assertThat(log.lines())
          .anyMatch(
              line ->
                  line.startsWith("WARNING Try 1 of 10 for the image at http://127.0.0.1:")
                      && line.contains("the server answered 503; the next follows in ")
                      && line.endsWith(" child=plc operation=op-plc stage=fetching"));
    }
  }
}
