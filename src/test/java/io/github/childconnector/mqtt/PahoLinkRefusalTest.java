package io.github.childconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.world.RecordingLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a broker refuses, and how the operator gets to know the remedy. */
@NullMarked
@IntegrationTest
class PahoLinkRefusalTest {
  private static final Set<String> FILTERS = Set.of("a/b");

  private final Path directory;
  private final FastLinks links = new FastLinks();
  private final RecordingListener listener = RecordingListener.acknowledging();

  PahoLinkRefusalTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void closeLinks() {
    links.close();
  }

  private MqttLink start(MqttSettings settings) {
    MqttLink link = links.to(settings);
    link.start(FILTERS, listener);
    return link;
  }

  @Test
  void aForbiddenTopicIsPermanentAndTheConnectionStays() throws Exception {
    Path acl = Files.writeString(directory.resolve("acl"), "topic read #\ntopic write allowed\n");
    try (Mosquitto broker = Mosquitto.start(directory, "acl_file " + acl)) {
      MqttLink link = start(broker.settings("connector"));
      listener.awaitUps(1);
      PublishException refused = failure(link, "forbidden", new byte[0]);
      assertThat(refused)
          .hasMessageContainingAll("forbidden", "135", "client \"connector\"", "broker's ACL");
      assertThat(refused.isPermanent()).isTrue();
      assertThat(failure(link, "a/+/b", new byte[0]).isPermanent()).isTrue();
      link.publish("allowed", new byte[0]);
      assertThat(listener.told()).containsExactly("up");
    }
  }

  @Test
  void aTooLargeMessageIsPermanentAndTheConnectionStays() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory, "max_packet_size 500")) {
      MqttLink link = start(broker.settings("connector"));
      listener.awaitUps(1);
      PublishException refused = failure(link, "status", new byte[500]);
      assertThat(refused).hasMessageContainingAll("status", "522", "500", "max_packet_size");
      assertThat(refused.isPermanent()).isTrue();
      link.publish("status", new byte[478]);
      assertThat(listener.told()).containsExactly("up");
    }
  }

  private static PublishException failure(MqttLink link, String topic, byte[] payload) {
    return catchThrowableOfType(PublishException.class, () -> link.publish(topic, payload));
  }

  @Test
  void aRefusalThatMayPassIsNotPermanent() throws Exception {
    try (ScriptedBroker broker =
        ScriptedBroker.answering(
            Map.of(
                ScriptedBroker.CONNECT, ScriptedBroker.ACCEPTED,
                ScriptedBroker.SUBSCRIBE, "90 04 id 00 01",
                ScriptedBroker.PUBLISH, "40 04 id 97 00"))) {
      MqttLink link = start(broker.settings("connector"));
      listener.awaitUps(1);
      PublishException refused = failure(link, "a/b", new byte[0]);
      assertThat(refused).hasMessageContaining("MQTT code 151");
      assertThat(refused.isPermanent()).isFalse();
    }
  }

  @Test
  void aRefusedSubscriptionIsToldAndTriedAgainWhileTheOthersAreServed() throws Exception {
    try (ScriptedBroker broker =
        ScriptedBroker.answering(
            Map.of(
                ScriptedBroker.CONNECT,
                ScriptedBroker.ACCEPTED,
                ScriptedBroker.PUBLISH,
                "40 04 id 00 00"))) {
      broker.answer(
          ScriptedBroker.SUBSCRIBE,
          "90 06 id 00 87 01 87",
          "90 05 id 00 01 87",
          "90 04 id 00 87",
          "90 04 id 00 01");
      MqttLink link = links.to(broker.settings("connector"));
      link.start(Set.of("a/1", "a/2", "a/3"), listener);
      listener.awaitRefused(
          "refuses the subscription to a/1 and 1 more (MQTT code 135):"
              + " allow it to client \"connector\" in the broker's ACL");
      link.publish("a/b", new byte[0]);
      listener.awaitRefused("the subscription to a/3 (MQTT code 135)");
      listener.awaitUps(1);
      assertThat(listener.told()).hasSize(3);
      broker.awaitConnections(1);
    }
  }

  @Test
  void aSessionThatIsGoneIsSaidOnce() throws Exception {
    String kept = "20 03 01 00 00";
    try (RecordingLog log = RecordingLog.of(PahoLink.class);
        ScriptedBroker broker =
            ScriptedBroker.answering(Map.of(ScriptedBroker.SUBSCRIBE, "90 04 id 00 01"))) {
      broker.answer(ScriptedBroker.CONNECT, ScriptedBroker.ACCEPTED, ScriptedBroker.ACCEPTED, kept);
      broker.answer(ScriptedBroker.PUBLISH, ScriptedBroker.HANG_UP);
      MqttLink link = start(broker.settings("connector"));
      for (int connections = 1; connections < 3; connections++) {
        listener.awaitUps(connections);
        PublishException unused = failure(link, "a/b", new byte[0]);
      }
      listener.awaitUps(3);
      assertThat(log.lines())
          .filteredOn(line -> line.contains("has forgotten our session"))
          .singleElement()
          .asString()
          .contains("WARNING", "another client with the id \"connector\"");
    }
  }

  @Test
  void aRefusedConnectionIsToldWithTheRemedy() throws Exception {
    try (ScriptedBroker broker =
        ScriptedBroker.answering(Map.of(ScriptedBroker.CONNECT, "20 03 00 85 00"))) {
      start(broker.settings("connector"));
      listener.awaitDown("refuses the client id \"connector\": set another mqtt.client_id");
    }
  }

  @Test
  void aBrokerOfOldIsToldFromAConnectionThatBreaks() throws Exception {
    try (ScriptedBroker broker =
        ScriptedBroker.answering(Map.of(ScriptedBroker.CONNECT, "20 02 00 01"))) {
      start(broker.settings("connector"));
      listener.awaitDown("does not speak MQTT 5: a newer one is needed");
    }
  }

  @Test
  void aConnectionEndedByTheBrokerIsToldWithItsReason() throws Exception {
    try (ScriptedBroker broker =
        ScriptedBroker.answering(
            Map.of(
                ScriptedBroker.CONNECT, ScriptedBroker.ACCEPTED,
                ScriptedBroker.SUBSCRIBE, "90 04 id 00 01",
                ScriptedBroker.PUBLISH, "e0 02 8e 00"))) {
      MqttLink link = start(broker.settings("connector"));
      listener.awaitUps(1);
      assertThat(failure(link, "a/b", new byte[0]).isPermanent()).isFalse();
      listener.awaitDown("another client probably uses the client id \"connector\" too");
    }
  }

  @Test
  void aReceiveMaximumThatTheLibraryMisreadsIsTold() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory, "max_inflight_messages 40000")) {
      start(broker.settings("connector"));
      listener.awaitDown("max_inflight_messages 20");
    }
  }

  @Test
  void aBrokerWithoutQosIsTold() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory, "max_qos 0")) {
      start(broker.settings("connector"));
      listener.awaitDown("max_qos 2");
    }
  }

  @Test
  void twoClientsWithOneIdAreTold() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory)) {
      start(broker.settings("twin"));
      links.to(broker.settings("twin")).start(FILTERS, RecordingListener.acknowledging());
      listener.awaitDown("another client probably uses the client id \"twin\" too");
    }
  }

  @Test
  void theWrongPasswordIsToldAndItsCorrectionNeedsNoRestart() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "wrong\n");
    try (Mosquitto broker = withUser("child", "right")) {
      start(as(broker, "child", password));
      listener.awaitDown("the user name \"child\" or its password is wrong");
      assertThat(listener.downs().get(0)).contains("mqtt.password_file").doesNotContain("wrong\n");
      Files.writeString(password, "right\nsecond line\n");
      listener.awaitUps(1);
    }
  }

  @Test
  void aMissingLoginIsTold() throws Exception {
    try (Mosquitto broker = withUser("child", "right")) {
      start(broker.settings("connector"));
      listener.awaitDown("set mqtt.username and mqtt.password_file");
    }
  }

  @Test
  void aPasswordFileThatIsMissingOrEmptyIsTold() throws Exception {
    Path password = directory.resolve("password");
    try (Mosquitto broker = withUser("child", "right")) {
      start(as(broker, "child", password));
      listener.awaitDown("there is no file " + password);
      Files.writeString(password, "\nright\n");
      listener.awaitDown("the file " + password + " is empty");
      Files.writeString(password, "right");
      listener.awaitUps(1);
    }
  }

  private Mosquitto withUser(String user, String password) throws Exception {
    Path passwords = Files.createFile(directory.resolve("passwords"));
    new ProcessBuilder("mosquitto_passwd", "-b", passwords.toString(), user, password)
        .start()
        .waitFor();
    return Mosquitto.start(directory, "allow_anonymous false", "password_file " + passwords);
  }

  private static MqttSettings as(Mosquitto broker, String user, Path password) {
    return new MqttSettings(
        "127.0.0.1",
        broker.port(),
        "connector",
        Optional.of(new MqttSettings.Login(user, Optional.of(password))),
        Optional.empty(),
        true);
  }

  @Test
  void anUnknownHostIsTold() throws IOException {
    start(
        new MqttSettings(
            "no-such-host.invalid", 1883, "connector", Optional.empty(), Optional.empty(), true));
    listener.awaitDown("correct mqtt.host");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 1883, connector",
    "host, 0, connector",
    "host, 65536, connector",
    "host, 1, ' '"
  })
  void settingsThatNoBrokerCouldTakeAreRefused(String host, int port, String clientId) {
    assertThat(
            catchThrowableOfType(
                IllegalArgumentException.class,
                () ->
                    new MqttSettings(
                        host, port, clientId, Optional.empty(), Optional.empty(), true)))
        .hasMessageMatching(".*(empty|65535)");
  }
}
