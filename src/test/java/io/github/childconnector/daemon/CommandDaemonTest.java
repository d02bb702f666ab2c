package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.mqtt.RecordingClient;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices are updated by the retained commands of thin-edge's mapper. */
@NullMarked
@IntegrationTest
final class CommandDaemonTest {
  private static final String TOPIC = "te/device/plc/" + "//cmd/firmware_update/c8y-mapper-47";

  @TempDir Path directory;

  private Gateway gateway;
  private FakeDevice device;
  private RecordingClient mapper;

  @BeforeEach
  void connect() throws IOException {
    gateway = new Gateway(directory).set("thin_edge", "protocols", "[\"v1\"]");
    device = gateway.child("plc");
    mapper = RecordingClient.connect(gateway.broker.port()).record("te/#");
  }

  @AfterEach
  void close() throws IOException {
    mapper.close();
    gateway.close();
  }

  private void start() throws Exception {
    gateway.start();
    gateway.awaitServing();
  }

  private String command(String version, String more) {
    String url = gateway.files.offer("c8y/" + version, Gateway.image(version));
    return "{\"status\":\"init\",\"tedgeUrl\":\"%s\",\"remoteUrl\":\"https://cloud/%s\",\"name\":\"fw\",\"version\":\"%s\"%s}"
        .formatted(url, version, version, more);
  }

  private List<String> states(RecordingClient client) {
    return client.texts(TOPIC).stream()
        .map(text -> text.replaceFirst(".*\"status\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  private void awaitStates(String... states) {
    mapper.awaitUntil(all -> states(mapper).equals(List.of(states)));
  }

  private List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(gateway.storage().resolve("commands"))) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    }
  }

  private void awaitNothingKept() {
    await().atMost(Patience.LONGEST).until(() -> kept().isEmpty());
  }

  @Test
  void aCommandIsCarriedOutAndAnsweredWithAllItsFieldsUntilItIsCleared() throws Exception {
    start();
    mapper.retain(TOPIC, command("2.0", ",\"@version\":\"builtin\",\"more\":[1e400]"));
    awaitStates("init", "executing", "successful");
    assertThat(mapper.messages()).allMatch(message -> message.qos() == 1);
    assertThat(mapper.texts(TOPIC).get(2))
        .isEqualTo(
            mapper.texts(TOPIC).get(0).replace("\"status\":\"init\"", "\"status\":\"successful\""));
    assertThat(kept()).hasSize(1);

    mapper.retain(TOPIC, "");
    awaitNothingKept();
    gateway.stop();
    start();
    gateway.stop();
    assertThat(states(mapper)).containsExactly("init", "executing", "successful", "");
  }

  @Test
  void anEndThatTheRequesterDidNotHearIsSaidAgainAfterTheBrokerHasLostIt() throws Exception {
    start();
    mapper.retain(TOPIC, command("2.0", ",\"sha256\":\"" + "ab".repeat(32) + "\""));
    awaitStates("init", "executing", "failed");
    assertThat(mapper.texts(TOPIC).get(2)).contains("\"reason\":\"digest-mismatch: ");

    gateway.broker.kill();
    gateway.broker.forget();
    gateway.broker.restart();
    try (RecordingClient later = RecordingClient.connect(gateway.broker.port()).record("te/#")) {
      later.awaitUntil(all -> states(later).contains("failed"));
    }
  }

  @Test
  void aCommandThatCameWhileTheConnectorWasStoppedInTheMiddleIsTakenUp() throws Exception {
    device.waits();
    start();
    mapper.retain(TOPIC, command("2.0", ""));
    awaitStates("init", "executing");
    gateway.stop();
    device.goesOn();
    start();
    mapper.awaitUntil(all -> Stream.of("successful", "failed").anyMatch(states(mapper)::contains));
  }

  @Test
  void whatLayAtTheBrokerBeforeTheFirstStartIsNotBegun() throws Exception {
    mapper.retain(TOPIC, command("2.0", ""));
    start();
    awaitStates("init", "failed");
    assertThat(mapper.texts(TOPIC).get(1)).contains("\"reason\":\"request-outdated: ");
  }

  @Test
  void whatWasServedBeforeIsAnsweredAsItEnded() throws Exception {
    gateway.set("thin_edge", "protocols", "[\"legacy\"]");
    start();
    String url = "https://cloud/2.0";
    byte[] image = Gateway.image("2.0");
    String copy = gateway.files.offer("plc/firmware_update/" + DigestUtils.sha256Hex(url), image);
    gateway
        .cloud()
        .publish(
            Gateway.requestTopic("plc"),
            Gateway.request("legacy-op", "2.0", DigestUtils.sha256Hex(image), copy));
    assertThat(gateway.awaitEnd("plc", "legacy-op").get(1)).contains("successful");
    gateway.stop();

    mapper.retain(TOPIC, command("2.0", ""));
    gateway.set("thin_edge", "protocols", "[\"legacy\", \"v1\"]");
    start();
    awaitStates("init", "successful");
  }

  @Test
  void oneOperationThatComesByBothWaysIsFlashedOnceAndToldToBoth() throws Exception {
    gateway.set("thin_edge", "protocols", "[\"legacy\", \"v1\"]");
    start();
    String url = "https://cloud/2.0";
    byte[] image = Gateway.image("2.0");
    String copy = gateway.files.offer("plc/firmware_update/" + DigestUtils.sha256Hex(url), image);
    mapper.retain(TOPIC, command("2.0", ""));
    gateway
        .cloud()
        .publish(
            Gateway.requestTopic("plc"),
            Gateway.request("legacy-op", "2.0", DigestUtils.sha256Hex(image), copy));
    awaitStates("init", "executing", "successful");
    assertThat(gateway.awaitEnd("plc", "legacy-op").get(1)).contains("successful");
    assertThat(device.installs()).isEqualTo(1);
  }

  @Test
  void aCommandThatIsNoneFailsWithTheReason() throws Exception {
    start();
    mapper.retain(TOPIC, "{\"status\":\"init\",\"name\":\"fw\",\"version\":7}");
    awaitStates("init", "failed");
    assertThat(mapper.texts(TOPIC).get(1))
        .contains("\"remoteUrl\":\"\"", "\"reason\":\"request-invalid: ");
  }

  @Test
  void whatAnotherConnectorHasBegunIsNotBegunAgain() throws Exception {
    mapper.retain(TOPIC, command("2.0", "").replace("\"init\"", "\"executing\""));
    start();
    awaitStates("executing", "failed");
    assertThat(mapper.texts(TOPIC).get(1)).contains("\"reason\":\"interrupted: ");
    assertThat(device.installs()).isZero();
  }

  @Test
  void aCommandWhoseIdNoOperationCanHaveFailsWithTheReason() throws Exception {
    String topic = TOPIC.replace("c8y-mapper-47", "my update");
    start();
    mapper.retain(topic, command("2.0", ""));
    mapper.awaitTexts(topic, 2);
    assertThat(mapper.texts(topic).get(1))
        .contains("\"status\":\"failed\"", "\"reason\":\"request-invalid: The id of the command");
    assertThat(kept()).isEmpty();
  }

  @Test
  void aCommandThatWasKeptAndNeverBegunIsBegunAtTheNextStart() throws Exception {
    start();
    mapper.retain(TOPIC, command("2.0", ""));
    awaitStates("init", "executing", "successful");
    gateway.stop();
    Path file = kept().get(0);
    String fresh =
        Files.readString(file).replaceFirst(",\"said\":.*", "}").replace("c8y-mapper-47", "new");
    Files.writeString(
        file.resolveSibling(file.getFileName().toString().replace("c8y-mapper-47", "new")), fresh);
    start();
    mapper.awaitUntil(
        all ->
            mapper.texts(TOPIC.replace("c8y-mapper-47", "new")).stream()
                .anyMatch(text -> text.contains("\"successful\"")));
  }
}
