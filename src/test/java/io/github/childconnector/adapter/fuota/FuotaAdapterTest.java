package io.github.childconnector.adapter.fuota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceAdapter.Endpoint;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.adapter.fuota.management.EspImage.Chip;
import io.github.childconnector.adapter.fuota.management.EspImage.Slot;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that devices poll, and what an update makes of their polls. */
@NullMarked
@IntegrationTest
final class FuotaAdapterTest {
  private static final int IMAGE_SIZE = 16 * 1024 * 1024;

  @TempDir Path directory;

  private final FakeClock clock = FakeClock.standing();
  private final Leases<FuotaSettings, PolledDevice> servers = FuotaAdapter.servers(clock);
  private final RecordingProgress progress = new RecordingProgress();
  private int port;
  private FakeEsp32 device;
  private DeviceAdapter adapter;
  private Endpoint endpoint;

  /** Made once, for it takes a while. */
  @TempDir static Path certificates;

  @BeforeAll
  static void makeCertificate() throws IOException {
    new ServerIdentity(Optional.empty(), "127.0.0.1", certificates).context();
  }

  @BeforeEach
  void listen() throws IOException {
    Files.copy(certificates.resolve("127.0.0.1.p12"), directory.resolve("127.0.0.1.p12"));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    adapter = adapter("00001", Duration.ofSeconds(30));
    endpoint = adapter.endpoint().orElseThrow();
    endpoint.open();
    device = device("00001").with("1.0");
  }

  @AfterEach
  void close() {
    device.close();
    endpoint.close();
  }

  private FakeEsp32 device(String id) throws IOException {
    return new FakeEsp32(directory.resolve(id), id, port, directory.resolve("127.0.0.1.pem"));
  }

  private DeviceAdapter adapter(String id, Duration pollTimeout) throws IOException {
    return adapter(id, pollTimeout, false);
  }

  private DeviceAdapter adapter(String id, Duration pollTimeout, boolean checkImage)
      throws IOException {
    Path password = Files.writeString(directory.resolve(id + ".password"), "secret-" + id + "\n");
    return new FuotaAdapter(
        new ChildId("child-" + id),
        new FuotaSettings(
            new ListenAddress("127.0.0.1", port),
            new ServerIdentity(Optional.empty(), "127.0.0.1", directory),
            id,
            new BasicLogin(id, new SecretFile(password)),
            new Slot(2L * IMAGE_SIZE, Chip.ESP32),
            checkImage,
            pollTimeout,
            Optional.empty()),
        servers);
  }

  /** Larger than what the sockets between server and device hold. */
  private Installation installation(String version) throws IOException {
    Path file = directory.resolve("image " + Integer.toHexString(version.hashCode()));
    String text = ("firmware " + version).repeat(IMAGE_SIZE / 12);
    FirmwareImage image = FirmwareImages.verified(Files.writeString(file, text));
    return Samples.installation(
        new ChildId("child-00001"), "op", new Firmware("fw", version), image);
  }

  private CompletableFuture<Boolean> install(String version) throws IOException {
    Installation installation = installation(version);
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            adapter.install(installation, progress);
            return true;
          } catch (UpdateException e) {
            throw new IllegalStateException(e.failure().toString(), e);
          } catch (DeviceBusyException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** What was told, without the percents on the way to 100. */
  private List<String> milestones() {
    return progress.said().stream().filter(text -> !text.matches("\\d\\d?%")).toList();
  }

  /** Lets the device poll until the installation has ended. */
  private void pollUntilEnd(CompletableFuture<Boolean> installation) throws Exception {
    while (!installation.isDone()) {
      try {
        device.cycle();
      } catch (IOException e) {
        // where nobody else needs the server, it is gone with the installation
        assertThat(installation).succeedsWithin(Duration.ofSeconds(90));
      }
    }
    installation.get();
  }

  @Test
  void aDeviceFetchesTheImageAndPollsWithItsVersion() throws Exception {
    pollUntilEnd(install("1.1"));
    assertThat(device.version()).isEqualTo("1.1");
    assertThat(device.fetches()).isEqualTo(1);
    assertThat(milestones()).containsExactly("step WRITE", "100%", "step ATTACH");
    assertThat(adapter.versionReader().orElseThrow().readVersion(installation("1.1").update()))
        .isEqualTo("1.1");
  }

  @Test
  void aDeviceThatHasTheVersionFetchesNothing() throws Exception {
    device.with("1.1");
    pollUntilEnd(install("1.1"));
    assertThat(device.fetches()).isZero();
  }

  @Test
  void aPlusInAVersionIsAPlus() throws Exception {
    device.with("1.0+b1");
    pollUntilEnd(install("1.1+b2"));
    assertThat(device.version()).isEqualTo("1.1+b2");
  }

  @Test
  void anImageThatTheDeviceRefusesIsNotOfferedForEver() throws Exception {
    device.with(FakeEsp32.Flaw.REFUSES);
    assertThatThrownBy(() -> pollUntilEnd(install("1.1")))
        .isInstanceOf(ExecutionException.class)
        .hasMessageContaining("took the image 3 times and still polls with version 1.0")
        .hasMessageContaining("OTA_VERSION");
    assertThat(device.fetches()).isEqualTo(Offer.MAX_TRIES);
    assertThat(device.cycle()).isEqualTo(204);
  }

  @Test
  void anImageWithAnotherVersionInItIsAFailure() throws Exception {
    device.with(FakeEsp32.Flaw.LIES);
    assertThatThrownBy(() -> pollUntilEnd(install("1.1")))
        .hasMessageContaining("now polls with version 9.9 instead of 1.1");
    assertThat(device.fetches()).isEqualTo(1);
    assertThat(device.cycle()).isEqualTo(204);
  }

  @Test
  void aFetchThatBreaksOffIsNoTry() throws Exception {
    device.with(FakeEsp32.Flaw.LOSES_ITS_CONNECTION);
    CompletableFuture<Boolean> installation = install("1.1");
    await().until(() -> device.cycle() == 200);
    pollUntilEnd(installation);
    assertThat(device.version()).isEqualTo("1.1");
    assertThat(milestones())
        .doesNotContain("The device polls with its old version again; the image is offered again");
  }

  @Test
  void anImageThatIsChangedAfterItWasComparedReachesNoDevice() throws Exception {
    CompletableFuture<Boolean> installation = install("1.1");
    String poll = "/devices/00001?app_ver=1.0";
    await().until(() -> device.get(poll).getResponseCode() == 200);
    Path file = installation("1.1").image().path();
    try (RandomAccessFile image = new RandomAccessFile(file.toFile(), "rw")) {
      image.seek(IMAGE_SIZE / 2);
      image.write('E');
    }
    assertThatThrownBy(() -> pollUntilEnd(installation))
        .hasMessageContaining("DIGEST_MISMATCH")
        .hasMessageContaining("was changed after its SHA-256 had been compared");
    assertThat(device.version()).isEqualTo("1.0");
    assertThat(device.fetches()).isZero();
    assertThat(device.cycle()).isEqualTo(204);
  }

  @Test
  void anImageThatIsGoneIsAFailureOfTheStorage() throws Exception {
    CompletableFuture<Boolean> installation = install("1.1");
    await().until(() -> device.get("/devices/00001?app_ver=1.0").getResponseCode() == 200);
    Files.delete(installation("1.1").image().path());
    assertThatThrownBy(() -> pollUntilEnd(installation))
        .hasMessageContaining("STORAGE_FAILED")
        .hasMessageContaining("cannot be read");
    assertThat(device.fetches()).isZero();
  }

  @Test
  void aBootLoaderIsNotOffered() throws Exception {
    Path file = Files.write(directory.resolve("boot"), EspImages.ofPlain(0, new byte[40]));
    Installation installation =
        Samples.installation(
            new ChildId("child-00001"),
            "op",
            new Firmware("fw", "1.1"),
            FirmwareImages.verified(file));
    DeviceAdapter checking = adapter("00001", Duration.ofSeconds(30), true);
    assertThatThrownBy(() -> checking.install(installation, progress))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("does not describe an application");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.1 b", "1.1&x", "1.1#2", "1.1%31", "1.1ä", "v\u0085", "[1.1]", "\"1\""})
  void aVersionThatNoPollCanSayIsRefusedAtOnce(String version) {
    assertThatThrownBy(() -> adapter.install(installation(version), progress))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining("cannot say that it runs the version");
    assertThat(progress.said()).isEmpty();
  }

  @Test
  void aSlashAtTheEndIsNoMatter() throws Exception {
    assertThat(device.get("/devices/00001/?app_ver=1.0").getResponseCode()).isEqualTo(204);
  }

  @Test
  void aDeviceThatDoesNotPollIsBusy() throws Exception {
    DeviceAdapter impatient = adapter("00002", Duration.ofMillis(1));
    Installation installation = installation("1.1");
    CompletableFuture<Throwable> end =
        CompletableFuture.supplyAsync(
            () -> catchThrowable(() -> impatient.install(installation, progress)));
    await()
        .until(
            () -> {
              clock.advance(Duration.ofMillis(1));
              return end.isDone();
            });
    assertThat(end.get())
        .isInstanceOf(DeviceBusyException.class)
        .hasMessageContaining("has not polled 127.0.0.1:" + port + " as 00002");
  }

  @Test
  void anOldPollIsNotBelieved() throws Exception {
    device.cycle();
    FirmwareUpdate update = installation("1.1").update();
    assertThat(adapter.versionReader().orElseThrow().readVersion(update)).isEqualTo("1.0");
    clock.advance(PolledDevice.FRESH);
    assertThatThrownBy(() -> adapter.versionReader().orElseThrow().readVersion(update))
        .hasMessage("The device has not polled for 2m; before that it ran 1.0.");
    device.with("0.9").cycle();
    assertThat(adapter.versionReader().orElseThrow().readVersion(update)).isEqualTo("0.9");
  }

  @Test
  void onlyStatusesThatTheDeviceSurvivesAreSent() throws Exception {
    assertThat(device.cycle()).isEqualTo(204);
    assertThat(status("/devices/00001")).isEqualTo(400);
    assertThat(status("/devices/00001?app_ver=")).isEqualTo(400);
    assertThat(status("/devices/00001?app_ver=1&app_ver=2")).isEqualTo(400);
    assertThat(device.get("/devices/00001?app_ver=%zz1").getResponseCode()).isEqualTo(400);
    assertThat(status("/devices/a/b?app_ver=1")).isEqualTo(400);
    assertThat(status("/devices/00002?app_ver=1")).isEqualTo(404);
    assertThat(status("/devices")).isEqualTo(404);
    assertThat(status("/files/nope")).isEqualTo(404);
    assertThat(status("/files/../../etc/passwd")).isEqualTo(404);
    assertThat(status("/")).isEqualTo(404);
    HttpsURLConnection put = device.get("/devices/00001");
    put.setRequestMethod("PUT");
    assertThat(put.getResponseCode()).isEqualTo(400);
  }

  private int status(String path) throws IOException {
    HttpsURLConnection connection = device.get(path);
    int status = connection.getResponseCode();
    assertThat(connection.getHeaderField("Content-Length")).isEqualTo("0");
    return status;
  }

  @Test
  void nobodyIsServedWithoutALogin() throws Exception {
    for (String login :
        List.of(
            "",
            "Basic",
            FakeEsp32.basic("00001", "wrong"),
            FakeEsp32.basic("00001", "secret-00001more"),
            FakeEsp32.basic("00001", "secret-00"),
            "Basic " + login("00001") + "=",
            "basic " + login("00001"))) {
      HttpsURLConnection poll = device.get("/devices/00001?app_ver=1.0", login);
      assertThat(poll.getResponseCode()).isEqualTo(403);
      assertThat(poll.getHeaderField("WWW-Authenticate")).isNull();
      assertThat(poll.getErrorStream())
          .satisfiesAnyOf(none -> assertThat(none).isNull(), empty -> assertThat(empty).isEmpty());
    }
  }

  private static String login(String id) {
    return FakeEsp32.basic(id, "secret-" + id).substring("Basic ".length());
  }

  @Test
  void oneDeviceGetsNothingThatIsForAnother() throws Exception {
    Endpoint second = adapter("00002", Duration.ofSeconds(30)).endpoint().orElseThrow();
    second.open();
    CompletableFuture<Boolean> installation = install("1.1");
    await().until(() -> device.get("/devices/00001?app_ver=1.0").getResponseCode() == 200);
    String file = "/files/" + installation("1.1").image().digest().hex();
    String other = "Basic " + login("00002");
    assertThat(device.get("/devices/00001?app_ver=1.0", other).getResponseCode()).isEqualTo(403);
    assertThat(device.get(file, other).getResponseCode()).isEqualTo(404);
    pollUntilEnd(installation);
    second.close();
  }

  @Test
  void twoChildrenCannotHaveOneDevice() throws Exception {
    DeviceAdapter twin =
        new FuotaAdapter(
            new ChildId("twin"),
            new FuotaSettings(
                new ListenAddress("127.0.0.1", port),
                new ServerIdentity(Optional.empty(), "127.0.0.1", directory),
                "00001",
                new BasicLogin("twin", new SecretFile(directory.resolve("00001.password"))),
                new Slot(1024, Chip.ESP32),
                false,
                Duration.ofSeconds(1),
                Optional.empty()),
            servers);
    assertThatThrownBy(() -> twin.endpoint().orElseThrow().open())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("00001 is the device of child-00001 and of twin");
    assertThat(device.cycle()).isEqualTo(204);
  }

  @Test
  void aTakenPortIsToldWithTheRemedy() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
      Endpoint other = adapter("00002", Duration.ofSeconds(1)).endpoint().orElseThrow();
      assertThatThrownBy(other::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nobody can listen at")
          .hasMessageContaining("choose another port");
    }
  }

  @Test
  void aServerIsThereAsLongAsAnInstallationNeedsIt() throws Exception {
    CompletableFuture<Boolean> installation = install("1.1");
    await().until(() -> device.get("/devices/00001?app_ver=1.0").getResponseCode() == 200);
    endpoint.close();
    pollUntilEnd(installation);
    assertThatThrownBy(() -> device.cycle()).isInstanceOf(IOException.class);
    endpoint.open();
    assertThat(device.cycle()).isEqualTo(204);
  }

  @Test
  void aConnectionThatSaysNothingHoldsNobodyUp() throws Exception {
    try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), port);
        Socket halfway = new Socket(InetAddress.getLoopbackAddress(), port)) {
      halfway.getOutputStream().write(0x16);
      assertThat(silent.isConnected()).isTrue();
      assertThat(device.cycle()).isEqualTo(204);
    }
  }

  @Test
  void theCertificateOutlivesTheServer() throws Exception {
    byte[] first = Files.readAllBytes(directory.resolve("127.0.0.1.pem"));
    endpoint.close();
    endpoint.open();
    assertThat(directory.resolve("127.0.0.1.pem")).hasBinaryContent(first);
    assertThat(device.cycle()).isEqualTo(204);
  }
}
