package io.github.childconnector.adapter.sming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.adapter.sming.SmingSettings.SubscriptionLog;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.mqtt.Mosquitto;
import io.github.childconnector.mqtt.PahoLink;
import io.github.childconnector.mqtt.RecordingClient;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.tls.Certificates;
import io.github.childconnector.tls.TlsSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a device and its broker get to see. */
@IntegrationTest
class SmingAdapterTest {
  private static final String TOPIC = "a/test/u/4.3";
  private static final String STATE = "weather/state";
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofSeconds(3);

  private final RecordingProgress progress = new RecordingProgress();
  private Path directory;
  private int securePort;
  private Mosquitto broker;
  private RecordingClient witness;
  private FakeSmingDevice device;

  @BeforeEach
  void setUp(@TempDir Path temporary) throws Exception {
    directory = temporary;
    broker = start();
    int port = broker.port();
    witness = RecordingClient.connect(port).record("#");
    device = FakeSmingDevice.in(directory.resolve("device"), "4.3.5", port).saying(STATE);
  }

  private Mosquitto start() throws Exception {
    Certificates authority = Certificates.authority(directory, "ca");
    TlsSettings.Identity server = authority.sign("server");
    Path files = Files.createDirectory(directory.resolve("broker"));
    securePort = Mosquitto.freePort();
    return Mosquitto.start(
        files,
        "log_dest topic",
        "listener " + securePort + " 127.0.0.1",
        "cafile " + authority.authority(),
        "certfile " + server.certificate(),
        "keyfile " + server.key());
  }

  @AfterEach
  void close() throws Exception {
    device.close();
    witness.hangUp();
    broker.close();
  }

  private ScriptedSettings blind() {
    return new ScriptedSettings()
        .with("port", broker.port())
        .with("app", "test")
        .with("listens_to", "4.3");
  }

  private ScriptedSettings seeing() {
    return blind().with("version_topic", STATE).with("version_pointer", "/fw");
  }

  private ScriptedSettings retaining(String length) {
    return seeing()
        .with("wire_patch", "one less")
        .with("retained", true)
        .with("retain_for", Duration.parse(length));
  }

  private static SmingAdapter adapter(ScriptedSettings table) {
    return adapter(table, LONG);
  }

  private static SmingAdapter adapter(ScriptedSettings table, Duration patience) {
    MonotonicClock clock = new SystemClock();
    return FakeDevicesBroker.adapter(
        table,
        new BrokerVisit.Means(
            clock, broker -> new PahoLink(broker, clock, new Random()), patience));
  }

  private static FirmwareUpdate update(String version) {
    return FakeDevicesBroker.update(version);
  }

  private FirmwareImage image(byte[] bytes) throws Exception {
    return FirmwareImages.verified(Files.write(directory.resolve("image"), bytes));
  }

  private void install(SmingAdapter adapter, String version) throws Exception {
    install(adapter, version, FakeSmingDevice.image(version));
  }

  private void install(SmingAdapter adapter, String version, byte[] bytes) throws Exception {
    adapter.install(new Installation(update(version), image(bytes)), progress);
  }

  private String read(SmingAdapter adapter) throws Exception {
    return adapter.versionReader().orElseThrow().readVersion(update("any"));
  }

  /** All that was published below {@code a/} so far, as patch and topic. */
  private List<String> updates() throws Exception {
    witness.publish("end", "of the messages so far");
    witness.awaitTexts("end", 1);
    return witness.messages().stream()
        .filter(message -> message.topic().startsWith("a/"))
        .map(message -> message.text().codePoints().findFirst().orElse(-1) + " " + message.topic())
        .toList();
  }

  private List<String> retained() throws Exception {
    try (RecordingClient late =
        RecordingClient.connect(broker.port()).record("a/#").record("end")) {
      late.publish("end", "of what is retained");
      late.awaitTexts("end", 1);
      return late.texts(TOPIC);
    }
  }

  @Test
  void theDeviceFlashesTheImageAndSaysSo() throws Exception {
    device.powerOn();
    SmingAdapter adapter = adapter(seeing());
    assertThat(read(adapter)).isEqualTo("4.3.5");

    install(adapter, "4.3.6");
    device.awaitStarts(2);

    assertThat(read(adapter)).isEqualTo("4.3.6");
    assertThat(device.image()).isEqualTo(FakeSmingDevice.image("4.3.6"));
    assertThat(device.flashes()).containsExactly("6");
    assertThat(updates()).containsExactly("6 " + TOPIC);
    assertThat(retained()).isEmpty();
    assertThat(progress.said())
        .containsExactly(
            "step PREPARE", "step WRITE", "The broker has taken patch 6 for a/test/u/4.3");
  }

  @Test
  void theBrokersLogShowsThatTheDeviceHasStartedAgain() throws Exception {
    device.powerOn();
    ScriptedSettings watching =
        blind()
            .with("device_client_id", "sming1")
            .with("restart_timeout", Duration.ofSeconds(60))
            .with("minor_change", true);

    install(adapter(watching), "4.3.6");
    assertThat(progress.said()).contains("The device has started again and waits on " + TOPIC);
    install(adapter(watching), "4.4.1");

    assertThat(progress.said()).contains("The device has started again and waits on a/test/u/4.4");
    assertThat(device.version()).isEqualTo("4.4.1");
  }

  @Test
  void theBrokersLogShowsThatTheDeviceHasNotStartedAgain() throws Exception {
    device.powerOn();
    ScriptedSettings watching =
        blind().with("device_client_id", "sming1").with("restart_timeout", Duration.ofMillis(500));

    assertThatThrownBy(() -> install(adapter(watching), "4.3.4"))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("\"sming1\" was not seen to subscribe to a/test/u/4.3");
  }

  @ParameterizedTest
  @CsvSource({
    "1700000000: sming1 0 a/test/u/4.3, true",
    "sming1 0 a/test/u/4.3, true",
    "2026-11-21T21:00:00: sming1 1 a/test/u/4.3/+, true",
    "1700000000: sming12 0 a/test/u/4.3, false",
    "1700000000: sming1 0 a/test/u/4.30, false",
    "1700000000: sming1 0 a/test/u/4.3/s, false",
    "1700000000: other sming1 0 a/test/u/4.3, false"
  })
  void aLineOfTheLogIsRead(String line, boolean tells) {
    SubscriptionLog log = new SubscriptionLog("sming1", Duration.ofSeconds(1));

    assertThat(log.tells(line.getBytes(StandardCharsets.UTF_8), TOPIC)).isEqualTo(tells);
  }

  @Test
  void whatTheDeviceRunsAlreadyIsNotPublished() throws Exception {
    device.powerOn();

    install(adapter(seeing()), "4.3.5");

    assertThat(progress.said()).contains("The device runs 4.3.5 already, nothing is published");
    assertThat(updates()).isEmpty();
  }

  @Test
  void aDeviceThatHasNotComeYetIsWaitedFor() throws Exception {
    witness.hangUp();
    SmingAdapter adapter = adapter(blind());
    assertThatThrownBy(() -> install(adapter, "4.3.6"))
        .isInstanceOf(DeviceBusyException.class)
        .hasMessage("no device has subscribed to a/test/u/4.3");

    device.powerOn();
    install(adapter, "4.3.6");

    device.awaitVersion("4.3.6");
  }

  @Test
  void withoutAVersionTopicItSaysThatNobodySees() throws Exception {
    device.powerOn();
    SmingAdapter adapter = adapter(blind());

    install(adapter, "4.3.6");

    assertThat(adapter.versionReader()).isEmpty();
    assertThat(progress.said()).anyMatch(line -> line.startsWith("Delivered, unconfirmed: "));
    device.awaitVersion("4.3.6");
  }

  @Test
  void anImageThatJustFitsIsFlashed() throws Exception {
    device.powerOn();
    byte[] largest =
        Arrays.copyOf(FakeSmingDevice.image("4.3.6"), (992 << 10) - 2 - TOPIC.length());

    install(adapter(seeing()), "4.3.6", largest);
    device.awaitVersion("4.3.6");

    assertThat(device.image()).isEqualTo(largest);
    byte[] larger = Arrays.copyOf(largest, largest.length + 1);
    assertThatThrownBy(() -> install(adapter(seeing()), "4.3.7", larger))
        .hasMessageContaining("takes 1015809 bytes of the device's slot");
  }

  @ParameterizedTest
  @CsvSource({
    "4.3.4, The device runs 4.3.5 and skips 4.3.4",
    "4.3.128, above 127",
    "4.4.0, of another minor version",
    "newest, not of the form"
  })
  void whatTheDeviceWouldNotTakeIsNotPublished(String version, String why) throws Exception {
    device.powerOn();

    assertThatThrownBy(() -> install(adapter(seeing()), version))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining(why);
    assertThat(updates()).isEmpty();
  }

  @Test
  void whatIsNoFirmwareIsNotPublished() throws Exception {
    byte[] text = new byte[100];

    assertThatThrownBy(() -> install(adapter(blind()), "4.3.6", text))
        .hasMessageContaining("no ROM image");
    assertThat(updates()).isEmpty();
  }

  @Test
  void anotherMinorVersionIsSentWhereTheDeviceListens() throws Exception {
    device.powerOn();

    install(adapter(seeing().with("minor_change", true)), "4.4.0");
    device.awaitVersion("4.4.0");

    assertThat(updates()).containsExactly("127 " + TOPIC);
  }

  @Test
  void aRetainedImageWaitsForTheDeviceAndIsFlashedOnce() throws Exception {
    witness.retain(STATE, "nothing of a version");
    SmingAdapter adapter = adapter(retaining("PT2M"));
    CompletableFuture<Void> installed = inBackground(adapter);
    witness.awaitUntil(all -> all.stream().anyMatch(message -> message.topic().equals(TOPIC)));
    assertThat(retained()).hasSize(1);
    device.powerOn();
    installed.get(90, TimeUnit.SECONDS);

    assertThat(retained()).isEmpty();
    device.powerOff();
    device.powerOn();
    assertThat(device.flashes()).containsExactly("5");
    assertThat(read(adapter(seeing()))).isEqualTo("4.3.6");
  }

  private CompletableFuture<Void> inBackground(SmingAdapter adapter) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            install(adapter, "4.3.6");
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void whatAKilledConnectorHasLeftIsRemoved() throws Exception {
    witness.retain(TOPIC, "5 left");
    adapter(seeing()).endLeftovers(update("4.3.6"));
    assertThat(retained()).hasSize(1);

    adapter(retaining("PT20S")).endLeftovers(update("4.3.6"));

    assertThat(retained()).isEmpty();
  }

  @Test
  void aDeviceThatSaysSomethingElseIsTold() throws Exception {
    witness.retain(STATE, "{\"version\":\"4.3.5\"}");

    assertThatThrownBy(() -> read(adapter(seeing())))
        .hasMessageContaining("holds no version: there is no value at version_pointer /fw");
  }

  @Test
  void aMessageThatIsTooLongHoldsNoVersion() throws Exception {
    witness.retain(STATE, "4".repeat(4097));

    assertThatThrownBy(() -> read(adapter(blind().with("version_topic", STATE))))
        .hasMessageContaining("holds no version: that has more than 4096 bytes");
  }

  /** It would hold the child's lane for ever, and hear no interrupt. */
  @Test
  void aPatternThatTakesTooLongIsTold() throws Exception {
    witness.retain(STATE, "a".repeat(4096));
    ScriptedSettings runaway =
        blind().with("version_topic", STATE).with("version_pattern", "(?:(a*)*)*b");

    assertThatThrownBy(() -> read(adapter(runaway)))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("holds no version: the pattern \"(?:(a*)*)*b\" takes too long");
  }

  @Test
  void aBrokerThatIsAwayIsToldWithTheKeysOfTheChild() throws Exception {
    ScriptedSettings elsewhere = blind().with("port", Mosquitto.freePort());
    SmingAdapter adapter = adapter(elsewhere, SHORT);

    // What is wrong may not be known yet when the time is up.
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> install(adapter, "4.3.6"))
                    .isInstanceOf(UpdateException.class)
                    .hasMessageContaining("are child.sming.host and child.sming.port right?"));
  }

  @Test
  void theDevicesBrokerMaySpeakTls() throws Exception {
    device.powerOn();
    Path authority = directory.resolve("ca.pem").toAbsolutePath();

    install(
        adapter(seeing().with("port", securePort).with("ca_file", authority.toString())), "4.3.6");

    device.awaitVersion("4.3.6");
  }
}
