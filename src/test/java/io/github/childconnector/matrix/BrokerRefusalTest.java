package io.github.childconnector.matrix;

import static io.github.childconnector.world.Gateway.requestTopic;
import static io.github.childconnector.world.Gateway.responseTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.TestConnector;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.mqtt.FastLinks;
import io.github.childconnector.mqtt.Mosquitto;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.ScriptedBroker;
import io.github.childconnector.systemd.NotifyListener;
import io.github.childconnector.thinedge.LegacyStatuses;
import io.github.childconnector.tls.Certificates;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.world.Gateway;
import io.github.childconnector.world.MemoryDevices;
import io.github.childconnector.world.Patience;
import io.github.childconnector.world.RecordingLog;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import io.github.childconnector.world.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a broker refuses to the whole connector: the operator is told with the remedy, in the log
 * and in the status line, and once it is put right everything goes on without a restart.
 */
@Tag("matrix")
@IntegrationTest
class BrokerRefusalTest {
  private static final Tally TALLY = new Tally("refusals");
  private static final Duration LONGEST = Patience.LONGEST;
  private static final String ANYTHING = "topic readwrite #\n";

  @TempDir Path directory;
  private final RecordingLog log = RecordingLog.of(TestConnector.LOG);
  private final MemoryDevices devices = new MemoryDevices();
  private Optional<Gateway> opened = Optional.empty();

  /** A gateway with one child, {@code plc}. */
  private void open(String... broker) throws IOException {
    opened = Optional.of(new Gateway(directory, broker).children(MemoryDevices.child("plc")));
  }

  private Gateway gateway() {
    return opened.orElseThrow();
  }

  @AfterEach
  void close() throws Exception {
    log.close();
    gateway().close();
  }

  @AfterAll
  static void save() {
    TALLY.save();
  }

  private void start(Map<String, String> environment) throws Exception {
    start(environment, FastLinks::watchful);
  }

  private void start(
      Map<String, String> environment, BiFunction<MqttSettings, MonotonicClock, MqttLink> links)
      throws Exception {
    gateway()
        .on(
            TestConnector.ofThisMachine()
                .families(List.of(devices))
                .links(links)
                .environment(environment))
        .start();
    TALLY.add(Count.RUNS, 1);
    TALLY.add(Count.POINTS, 1);
  }

  private void awaitLog(String... parts) {
    await(String.join(" and ", parts))
        .atMost(LONGEST)
        .until(
            () ->
                log.lines().stream()
                    .anyMatch(line -> List.of(parts).stream().allMatch(line::contains)));
  }

  private void judge(String... operations) throws Exception {
    Verdict verdict = new Verdict(gateway(), TALLY);
    for (String operation : operations) {
      gateway().awaitEnd("plc", operation);
      verdict.operation("plc", operation, devices.installed("plc"));
    }
    assertThat(verdict.faults()).isEmpty();
  }

  @Test
  void aRefusedSubscriptionIsToldAndTriedAgain() throws Exception {
    open();
    try (ScriptedBroker refusing =
        ScriptedBroker.answering(
            Map.of(
                ScriptedBroker.CONNECT,
                ScriptedBroker.ACCEPTED,
                ScriptedBroker.SUBSCRIBE,
                "90 04 id 00 87"))) {
      gateway().mqtt("port = " + refusing.settings("any").port());
      // Nobody answers a ping there.
      start(Map.of(), FastLinks::patient);
      awaitLog("SEVERE Not every child can be served", requestTopic("plc"), "broker's ACL");
      refusing.answer(ScriptedBroker.SUBSCRIBE, "90 04 id 00 01");
      awaitLog("INFO Serving 1 child");
      assertThat(log.lines()).filteredOn(line -> line.startsWith("SEVERE")).hasSize(1);
      gateway().stop();
    }
  }

  /** The kind of refusal that nobody can notice: mosquitto grants what it will not deliver. */
  @Test
  void requestsThatAnAclWithholdsAreServedOnceItAllowsThem() throws Exception {
    Path acl = Files.writeString(directory.resolve("acl"), "topic write #\n");
    open("acl_file " + acl);
    start(Map.of());
    awaitLog("Serving 1 child");
    gateway().send("plc", "withheld", "2.0");
    Files.writeString(acl, ANYTHING);
    gateway().broker.reload();
    gateway().reconnectCloud();
    await("a request that is sent again is served")
        .atMost(LONGEST)
        .until(
            () -> {
              gateway().send("plc", "op", "3.0");
              return !gateway().said("plc", "op").isEmpty();
            });
    judge("op");
  }

  @Test
  void statusesThatAnAclForbidsAreReportedOnceItAllowsThem() throws Exception {
    Path acl =
        Files.writeString(
            directory.resolve("acl"), "topic read #\ntopic write " + requestTopic("plc") + "\n");
    open("acl_file " + acl);
    gateway().add("thin_edge", "heartbeat = \"1s\"");
    try (RecordingLog statuses = RecordingLog.of(LegacyStatuses.class)) {
      start(Map.of());
      awaitLog("Serving 1 child");
      gateway().send("plc", "op", "2.0");
      await().atMost(LONGEST).until(() -> devices.installed("plc").size() == 1);
      await().atMost(LONGEST).until(() -> !statuses.lines().isEmpty());
      assertThat(statuses.lines())
          .singleElement()
          .asString()
          .startsWith("SEVERE The status ")
          .contains(
              " is not reported yet",
              responseTopic("plc"),
              "client \"tedge-child-connector\"",
              "broker's ACL");
      Files.writeString(acl, ANYTHING);
      gateway().broker.reload();
      judge("op");
      // The broker passes a status on before the connector knows that it has it.
      await().atMost(LONGEST).until(() -> statuses.lines().size() > 1);
      assertThat(statuses.lines()).hasSize(2);
    }
  }

  @Test
  void aWrongPasswordIsToldAndPutRight() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "wrong");
    Path users = Files.createFile(directory.resolve("users"));
    new ProcessBuilder("mosquitto_passwd", "-b", users.toString(), "child", "right")
        .start()
        .waitFor();
    open("password_file " + users, "allow_anonymous true");
    gateway()
        .mqtt(
            "port = " + gateway().broker.port(),
            "username = \"child\"",
            "password_file = \"" + password + "\"");
    try (NotifyListener systemd = NotifyListener.in(directory)) {
      start(Map.of("NOTIFY_SOCKET", systemd.socket()));
      awaitLog("WARNING Waiting for the broker", "\"child\" or its password is wrong");
      systemd.awaitLine("its password is wrong");
      Files.writeString(password, "right");
      awaitLog("Serving 1 child");
      systemd.awaitLine("STATUS=Serving 1 child");
      gateway().send("plc", "op", "2.0");
      judge("op");
      gateway().stop();
      assertThat(systemd.untilStopped())
          .anyMatch(line -> line.contains("STATUS=") && line.contains("its password is wrong"))
          .anyMatch(line -> line.contains("STATUS=Serving 1 child"));
    }
  }

  @Test
  void theBrokersExpiredCertificateIsToldAndReplaced() throws Exception {
    Certificates authority = Certificates.authority(directory, "ca");
    TlsSettings.Identity server = authority.signExpired("server");
    int port = openWithTls(authority, server, "require_certificate false");
    gateway().mqtt("port = " + port, "ca_file = \"" + authority.authority() + "\"");
    try (NotifyListener systemd = NotifyListener.in(directory)) {
      start(Map.of("NOTIFY_SOCKET", systemd.socket()));
      awaitLog("WARNING Waiting for the broker", "is not valid today: renew it");
      systemd.awaitLine("is not valid today: renew it");
      replace(server, authority.sign("renewed"));
      gateway().broker.stop();
      gateway().broker.restart();
      gateway().reconnectCloud();
      serveOne(systemd, "is not valid today: renew it");
    }
  }

  @Test
  void ourExpiredCertificateIsToldAndReplaced() throws Exception {
    Certificates authority = Certificates.authority(directory, "ca");
    TlsSettings.Identity ours = authority.signExpired("ours");
    int port = openWithTls(authority, authority.sign("server"), "require_certificate true");
    gateway()
        .mqtt(
            "port = " + port,
            "ca_file = \"" + authority.authority() + "\"",
            "cert_file = \"" + ours.certificate() + "\"",
            "key_file = \"" + ours.key() + "\"");
    try (NotifyListener systemd = NotifyListener.in(directory)) {
      start(Map.of("NOTIFY_SOCKET", systemd.socket()));
      awaitLog("WARNING Waiting for the broker", "our certificate", "expired");
      systemd.awaitLine("expired");
      replace(ours, authority.sign("renewed"));
      serveOne(systemd, "expired");
    }
  }

  /** Returns the port for the connector; the plugin has one of its own, without TLS. */
  private int openWithTls(
      Certificates authority, TlsSettings.Identity server, String clientCertificates)
      throws IOException {
    int port = Mosquitto.freePort();
    open(
        "listener " + port + " 127.0.0.1",
        "cafile " + authority.authority(),
        "certfile " + server.certificate(),
        "keyfile " + server.key(),
        clientCertificates);
    return port;
  }

  private static void replace(TlsSettings.Identity old, TlsSettings.Identity renewed)
      throws IOException {
    Files.move(renewed.key(), old.key(), StandardCopyOption.REPLACE_EXISTING);
    Files.move(renewed.certificate(), old.certificate(), StandardCopyOption.REPLACE_EXISTING);
  }

  private void serveOne(NotifyListener systemd, String trouble) throws Exception {
    awaitLog("Serving 1 child");
    systemd.awaitLine("STATUS=Serving 1 child");
    gateway().send("plc", "op", "2.0");
    judge("op");
    gateway().stop();
    assertThat(systemd.untilStopped())
        .anyMatch(line -> line.contains("STATUS=Waiting") && line.contains(trouble))
        .anyMatch(line -> line.contains("STATUS=Serving 1 child"));
  }
}
