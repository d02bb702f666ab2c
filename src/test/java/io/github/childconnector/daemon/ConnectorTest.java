package io.github.childconnector.daemon;

import static io.github.childconnector.world.Gateway.requestTopic;
import static io.github.childconnector.world.Gateway.responseTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.mqtt.CuttableProxy;
import io.github.childconnector.mqtt.RecordingClient;
import io.github.childconnector.mqtt.RecordingClient.Message;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole daemon with a real broker, a file server and a device, as thin-edge sees it. */
@IntegrationTest
class ConnectorTest {
  private static final String EXECUTING = "{\"id\":\"op\",\"status\":\"executing\"}";
  private static final String SUCCESSFUL = "{\"id\":\"op\",\"status\":\"successful\"}";

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

  private void startWith(String child) throws IOException, InterruptedException {
    gateway.start();
    gateway.broker.awaitSaved(requestTopic(child));
    gateway.awaitServing();
  }

  @Test
  void aGoodRequestUpdatesTheDevice() throws Exception {
    FakeDevice device = gateway.child("plc");
    startWith("plc");
    gateway.send("plc", "op", "2.0");
    assertThat(gateway.awaitEnd("plc", "op")).containsExactly(EXECUTING, SUCCESSFUL);
    assertThat(gateway.cloud().messages())
        .allMatch(message -> message.qos() == 1 && !message.retained());
    assertThat(device.version()).isEqualTo("2.0");
    assertThat(device.image()).isEqualTo(Gateway.image("2.0"));
    assertThat(device.installs()).isEqualTo(1);
  }

  @Test
  void theExternalIdIsThatOfTheTopicsOnly() throws Exception {
    gateway.child("plc", "external_id = \"gw:device:plc 1\"");
    startWith("gw:device:plc 1");
    gateway.send("gw:device:plc 1", "op", "2.0");
    assertThat(gateway.awaitEnd("gw:device:plc 1", "op")).containsExactly(EXECUTING, SUCCESSFUL);
  }

  @Test
  void aWrongDigestReachesNoDevice() throws Exception {
    FakeDevice device = gateway.child("plc");
    startWith("plc");
    String url = gateway.files.offer("fw", Gateway.image("2.0"));
    gateway.cloud().publish(requestTopic("plc"), Gateway.request("op", "2.0", "0".repeat(64), url));
    assertThat(gateway.awaitEnd("plc", "op").get(1)).contains("\"failed\"", "digest-mismatch: ");
    assertThat(device.installs()).isZero();
    assertThat(gateway.files.requests()).isEqualTo(2);
  }

  @Test
  void aMissingFileIsNotInstalled() throws Exception {
    FakeDevice device = gateway.child("plc");
    startWith("plc");
    String url = gateway.files.url("gone");
    gateway.cloud().publish(requestTopic("plc"), Gateway.request("op", "2.0", "0".repeat(64), url));
    assertThat(gateway.awaitEnd("plc", "op").get(1)).contains("download-refused: ", "404");
    assertThat(device.installs()).isZero();
    assertThat(gateway.files.requests()).isEqualTo(1);
  }

  @Test
  void aForeignHostIsNotAsked() throws Exception {
    gateway.child("plc");
    startWith("plc");
    String request = Gateway.request("op", "2.0", "0".repeat(64), "http://192.0.2.1/fw");
    gateway.cloud().publish(requestTopic("plc"), request);
    assertThat(gateway.awaitEnd("plc", "op").get(1))
        .contains("url-refused: ", "download.allowed_hosts");
  }

  @Test
  void aFailingFlasherGivesTheReason() throws Exception {
    FakeDevice device = gateway.child("plc").fails(3, "no such port /dev/ttyUSB0");
    startWith("plc");
    gateway.send("plc", "op", "2.0");
    assertThat(gateway.awaitEnd("plc", "op").get(1))
        .contains("install-failed: ", "exit status 3", "no such port /dev/ttyUSB0");
    assertThat(device.version()).isEqualTo("1.0");
  }

  @Test
  void aRequestSentAgainIsAnsweredAgainAndNotInstalledAgain() throws Exception {
    FakeDevice device = gateway.child("plc");
    startWith("plc");
    gateway.send("plc", "op", "2.0");
    gateway.awaitEnd("plc", "op");
    gateway.stop();
    startWith("plc");
    gateway.send("plc", "op", "2.0");
    gateway.cloud().awaitTexts(responseTopic("plc"), 3);
    assertThat(gateway.cloud().texts(responseTopic("plc")))
        .containsExactly(EXECUTING, SUCCESSFUL, SUCCESSFUL);
    assertThat(device.installs()).isEqualTo(1);
  }

  @Test
  void requestsSentWhileItIsAwayAreServedInOrder() throws Exception {
    FakeDevice device = gateway.child("plc");
    startWith("plc");
    gateway.stop();
    gateway.send("plc", "op1", "2.0");
    gateway.send("plc", "op2", "3.0");
    startWith("plc");
    gateway.awaitEnd("plc", "op2");
    assertThat(device.installedOperations()).containsExactly("op1", "op2");
    assertThat(device.version()).isEqualTo("3.0");
  }

  @Test
  void manyChildrenWithOneImageMakeOneDownload() throws Exception {
    List<String> children = Stream.of("a", "b", "c", "d", "e", "f").toList();
    children.forEach(gateway::child);
    startWith("f");
    for (String child : children) {
      gateway.send(child, "op-" + child, "2.0");
    }
    for (String child : children) {
      assertThat(gateway.awaitEnd(child, "op-" + child).get(1)).contains("successful");
    }
    assertThat(gateway.files.requests()).isEqualTo(1);
  }

  @Test
  void itWaitsForTheBroker() throws Exception {
    gateway.child("plc");
    gateway.broker.stop();
    gateway.start();
    gateway.broker.restart();
    gateway.broker.awaitSaved(requestTopic("plc"));
    gateway.awaitServing();
    gateway.send("plc", "op", "2.0");
    assertThat(gateway.awaitEnd("plc", "op")).containsExactly(EXECUTING, SUCCESSFUL);
  }

  @Test
  void anEndReachedWhileTheBrokerWasAwayIsReportedLater() throws Exception {
    FakeDevice device = gateway.child("plc").confirmsAfter(2);
    try (CuttableProxy network = startBehindAProxy("plc")) {
      gateway.send("plc", "op", "2.0");
      gateway.awaitStatus("plc");
      gateway.broker.kill();
      await().until(() -> device.version().equals("2.0"));
      returnBroker(network);
      assertThat(gateway.awaitEnd("plc", "op")).contains(SUCCESSFUL);
    }
    assertThat(device.installs()).isEqualTo(1);
  }

  /** What a killed broker has acknowledged may be on its way to nobody. */
  @Test
  void anEndToldJustBeforeTheBrokerWasKilledIsToldAgain() throws Exception {
    FakeDevice device = gateway.child("plc");
    try (CuttableProxy network = startBehindAProxy("plc")) {
      int tries = 0;
      boolean soon = false;
      while (!soon && tries < 5) {
        soon = killAtTheEndOf("op" + ++tries);
        returnBroker(network);
      }
      String last = "op" + tries;
      assertThat(awaitEndByThisCloud(last)).containsOnly(SUCCESSFUL.replace("op", last));
      assertThat(device.installs()).isEqualTo(tries);
    }
  }

  /** What the plugin's present connection has heard of an operation once that has ended. */
  private List<String> awaitEndByThisCloud(String id) throws IOException {
    Predicate<Message> isOfIt = message -> message.text().contains("\"" + id + "\"");
    RecordingClient cloud = gateway.cloud();
    cloud.awaitUntil(all -> all.stream().anyMatch(isOfIt));
    return cloud.messages().stream().filter(isOfIt).map(Message::text).toList();
  }

  private CuttableProxy startBehindAProxy(String child) throws IOException, InterruptedException {
    CuttableProxy network = CuttableProxy.to(gateway.broker.port());
    gateway.mqtt("port = " + network.port());
    startWith(child);
    return network;
  }

  /** The plugin is there before the connector, as one with a session of its own is. */
  private void returnBroker(CuttableProxy network) throws IOException {
    network.breakDown();
    gateway.broker.restart();
    gateway.reconnectCloud();
    network.restore();
  }

  /** Returns whether the end is so young that the connector cannot trust the killed broker. */
  private boolean killAtTheEndOf(String id) throws IOException {
    AtomicLong unheard = new AtomicLong(System.nanoTime());
    gateway.send("plc", id, "2.0-" + id);
    gateway
        .cloud()
        .awaitUntil(
            all -> {
              long now = System.nanoTime();
              boolean ended =
                  gateway.said("plc", id).stream().anyMatch(it -> !it.contains("executing"));
              if (!ended) {
                unheard.set(now);
              }
              return ended;
            });
    gateway.broker.kill();
    return System.nanoTime() - unheard.get() < Duration.ofSeconds(1).toNanos();
  }

  @Test
  void aStopInTheMiddleLeavesTheDeviceToDecide() throws Exception {
    FakeDevice device = gateway.child("plc", "confirm_timeout = \"2s\"").hangs();
    startWith("plc");
    gateway.send("plc", "op", "2.0");
    await().until(device::isInstalling);
    gateway.awaitStatus("plc");
    gateway.stop();
    assertThat(gateway.cloud().texts(responseTopic("plc"))).containsOnly(EXECUTING);
    startWith("plc");
    assertThat(gateway.awaitEnd("plc", "op").get(1)).contains("interrupted: ", "runs 1.0");
    assertThat(device.installs()).isEqualTo(1);
  }

  @Test
  void aRequestForAChildThatIsGoneIsAnswered() throws Exception {
    gateway.child("old");
    startWith("old");
    gateway.stop();
    gateway.removeChildren();
    gateway.child("new");
    gateway.send("old", "op", "2.0");
    gateway.start();
    assertThat(gateway.awaitEnd("old", "op"))
        .hasSize(1)
        .first()
        .asString()
        .contains("child-unknown");
  }

  /** Another connector serves it now, and thin-edge must not see two answers. */
  @Test
  void aChildThatWasMovedAwayIsNotAnsweredHere() throws Exception {
    gateway.child("moved");
    startWith("moved");
    gateway.stop();
    gateway.removeChildren();
    gateway.child("new");
    gateway.start();
    Path subscriptions = gateway.storage().resolve("subscriptions");
    await().until(() -> !Files.readString(subscriptions).contains("moved"));
    gateway.send("moved", "op", "2.0");
    gateway.send("new", "next", "3.0");
    gateway.awaitEnd("new", "next");
    assertThat(gateway.said("moved", "op")).isEmpty();
  }

  @Test
  void twoConnectorsDoNotShareOneJournal() throws Exception {
    gateway.child("plc");
    gateway.start();
    assertThatThrownBy(gateway::start)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("another connector uses it");
  }

  private static final String GOOD_FIELDS =
      "\"name\":\"fw\",\"version\":\"2.0\",\"sha256\":\"" + "0".repeat(64) + "\"";

  /** Payloads with an id that can be answered. */
  static Stream<String> answered() {
    return Stream.of(
        "{\"id\":\"op\",\"name\"",
        "{\"id\":\"op\"}",
        "{\"id\":\"op\"," + GOOD_FIELDS + "}",
        "{\"id\":\"op\",\"name\":\"fw\",\"version\":\"2.0\",\"url\":\"http://127.0.0.1/\"}",
        "{\"id\":\"op\"," + GOOD_FIELDS + ",\"url\":7}",
        "{\"id\":\"op\"," + GOOD_FIELDS + ",\"url\":\"http://127.0.0.1/\",\"url\":\"http://x/\"}",
        "{\"id\":\"op\",\"sha256\":\"xyz\",\"name\":\"\",\"version\":\"\",\"url\":\"http://127.0.0.1/\"}");
  }

  @ParameterizedTest
  @MethodSource("answered")
  void anInvalidRequestWithAnIdFails(String payload) throws Exception {
    checkThatItGoesOnAfter(payload.getBytes(StandardCharsets.UTF_8), 1);
    assertThat(gateway.awaitEnd("plc", "op"))
        .hasSize(1)
        .first()
        .asString()
        .contains("\"failed\"", "request-invalid: ");
  }

  /** Payloads without one. */
  static Stream<byte[]> dropped() {
    String tail = "\"," + GOOD_FIELDS + ",\"url\":\"http://127.0.0.1/\"}";
    return Stream.of(
            "",
            "not json",
            "[]",
            "7",
            "{}",
            "[".repeat(200 << 10),
            "{\"id\":5" + tail.substring(1),
            "{\"id\":\"a/b" + tail,
            "{\"id\":\".." + tail,
            "{\"id\":\"../../evil" + tail,
            "{\"id\":\"a\\u0000" + tail,
            "{\"id\":\"a\\nb" + tail,
            "{\"id\":\"" + "x".repeat(10_000) + tail,
            "{\"id\":\"a\",\"id\":\"b" + tail,
            "{\"id\":\"\u00e4" + tail)
        .map(
            text ->
                text.getBytes(
                    text.contains("\u00e4")
                        ? StandardCharsets.ISO_8859_1
                        : StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("dropped")
  void anInvalidRequestWithoutAnIdIsDropped(byte[] payload) throws Exception {
    checkThatItGoesOnAfter(payload, 0);
  }

  private void checkThatItGoesOnAfter(byte[] payload, int answers) throws Exception {
    FakeDevice device = gateway.child("plc");
    startWith("plc");
    gateway.cloud().publish(requestTopic("plc"), payload, false);
    gateway.send("plc", "next", "3.0");
    assertThat(gateway.awaitEnd("plc", "next").get(1)).contains("successful");
    List<String> others =
        gateway.cloud().texts(responseTopic("plc")).stream()
            .filter(text -> !text.contains("\"next\""))
            .toList();
    assertThat(others).hasSize(answers);
    assertThat(device.installedOperations()).containsExactly("next");
    gateway.stop();
    assertThat(filesBelow(directory))
        .filteredOn(file -> !file.startsWith("device-plc"))
        .allMatch(
            file ->
                file.matches(
                    "(connector.toml|tedge/tedge.toml|state/lock|state/subscriptions|state/(operations|images)/[^/]+|state/operations/(ended|refused)/\\w+/[^/]+\\.json)"));
  }

  private static List<String> filesBelow(Path directory) throws IOException {
    List<String> found = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path place, BasicFileAttributes attributes) {
            // The broker still runs, and its files come and go.
            return place.equals(directory.resolve("broker"))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            found.add(directory.relativize(file).toString());
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }

  @Test
  void aRetainedRequestIsRefused() throws Exception {
    FakeDevice device = gateway.child("plc");
    RecordingClient cloud = gateway.cloud();
    cloud.retain(requestTopic("plc"), gateway.request("op", "2.0"));
    gateway.start();
    assertThat(gateway.awaitEnd("plc", "op"))
        .hasSize(1)
        .first()
        .asString()
        .contains("request-invalid: ", "retain");
    assertThat(device.installs()).isZero();
  }
}
