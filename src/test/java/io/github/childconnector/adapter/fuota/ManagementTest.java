package io.github.childconnector.adapter.fuota;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter.Endpoint;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.adapter.fuota.management.EspImage.Chip;
import io.github.childconnector.adapter.fuota.management.EspImage.Slot;
import io.github.childconnector.adapter.fuota.management.ManagementServer;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.mqtt.Mosquitto;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of the reference server's users, run by curl as they do. */
@NullMarked
@IntegrationTest
final class ManagementTest {
  private static final String ROW = "\"00001\",\"0.1.0\",\"fw-0.1.1.bin\"";
  private static final String OK = "200 ";

  @TempDir static Path certificates;

  @TempDir Path directory;

  private final Leases<FuotaSettings, PolledDevice> servers =
      FuotaAdapter.servers(FakeClock.standing());
  private int port;
  private int management;
  private FuotaAdapter adapter;
  private Endpoint endpoint;
  private FakeEsp32 device;

  @BeforeEach
  void listen() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/curl")), "needs curl");
    FakeEsp32.makeCertificate(certificates);
    Files.copy(certificates.resolve("127.0.0.1.p12"), directory.resolve("127.0.0.1.p12"));
    port = Mosquitto.freePort();
    management = Mosquitto.freePort();
    Path password = Files.writeString(directory.resolve("password"), "secret-00001\n");
    Path other = Files.writeString(directory.resolve("management.password"), "p\n");
    FuotaSettings settings =
        new FuotaSettings(
            new ListenAddress("127.0.0.1", port),
            new ServerIdentity(Optional.empty(), "127.0.0.1", directory),
            "00001",
            new BasicLogin("00001", new SecretFile(password)),
            new Slot(1 << 20, Chip.ESP32),
            false,
            Duration.ofSeconds(30),
            Optional.of(
                new ManagementServer.Settings(
                    new ListenAddress("127.0.0.1", management),
                    new BasicLogin("u", new SecretFile(other)))));
    adapter = new FuotaAdapter(new ChildId("meter"), settings, servers);
    endpoint = adapter.endpoint().orElseThrow();
    endpoint.open();
    Path certificate = directory.resolve("127.0.0.1.pem");
    device = new FakeEsp32(directory.resolve("esp32"), "00001", port, certificate).with("0.1.0");
    Files.write(directory.resolve("fw.bin"), EspImages.of("0.1.1"));
  }

  @AfterEach
  void close() {
    device.close();
    endpoint.close();
  }

  /** What curl says: the status, then the body. */
  private String curl(String path, String... options) throws IOException, InterruptedException {
    return curlAs("u:p", path, options);
  }

  private String curlAs(String login, String path, String... options)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("/usr/bin/curl", "-sS", "-u", login));
    words.addAll(List.of("--cacert", directory.resolve("127.0.0.1.pem").toString()));
    words.addAll(List.of("-o", "body", "-w", "%{http_code} "));
    words.addAll(List.of(options));
    words.add("https://127.0.0.1:" + management + path);
    Files.deleteIfExists(directory.resolve("body"));
    Process curl =
        new ProcessBuilder(words).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(curl.getInputStream().readAllBytes(), UTF_8);
    curl.waitFor();
    Path body = directory.resolve("body");
    return said + (Files.exists(body) ? Files.readString(body, ISO_8859_1) : "");
  }

  private String putFile(String name, String file) throws IOException, InterruptedException {
    String type = "Content-Type: application/octet-stream";
    return curl("/files/" + name, "-X", "PUT", "-H", type, "--data-binary", "@" + file);
  }

  private String putRow(String row) throws IOException, InterruptedException {
    return curl("/devices/00001", "-X", "PUT", "-H", "Content-Type: text/csv", "--data", row);
  }

  @Test
  void aScriptIsAnsweredAsByTheReferenceServer() throws Exception {
    assertThat(curl("/devices")).isEqualTo(OK);
    assertThat(curl("/devices/00001?app_ver=0.1.0")).isEqualTo("404 ");
    assertThat(putRow(ROW)).isEqualTo(OK);
    assertThat(curl("/devices/00001?app_ver=0.1.0")).isEqualTo("404 ");
    assertThat(putFile("fw-0.1.1.bin", "fw.bin")).isEqualTo(OK);
    assertThat(curl("/devices/00001?app_ver=0.1.0")).isEqualTo("200 fw-0.1.1.bin");
    assertThat(curl("/devices/00001/?app_ver=0.1.0")).isEqualTo("200 fw-0.1.1.bin");
    assertThat(curl("/files/fw-0.1.1.bin/")).isEqualTo(OK + image());
    assertThat(curl("/files/fw-0.1.1.bin")).isEqualTo(OK + image());
    assertThat(curl("/devices/00001?app_ver=0.1.1")).isEqualTo("204 ");
    assertThat(curl("/devices")).isEqualTo(OK + ROW + "\n");
    assertThat(curl("/devices/", "-i")).contains("Content-Type: text/csv", ROW);
    assertThat(curl("/devices/zzz", "-X", "DELETE")).isEqualTo("404 ");
    assertThat(curl("/devices/00001", "-X", "DELETE")).isEqualTo(OK);
    assertThat(curl("/devices")).isEqualTo(OK);
  }

  private String image() throws IOException {
    return Files.readString(directory.resolve("fw.bin"), ISO_8859_1);
  }

  @Test
  void whatItRefusesIsRefused() throws Exception {
    for (String path :
        List.of(
            "/devices/00001",
            "/devices/00001?app_ver=",
            "/devices/00001?app_ver=1&app_ver=2",
            "/files",
            "/files/a/b",
            "/devices/a/b?app_ver=1")) {
      assertThat(curl(path)).as(path).isEqualTo("400 ");
    }
    assertThat(curl("/files/nope")).isEqualTo("404 ");
    assertThat(curl("/")).isEqualTo("404 ");
    assertThat(curl("/devices", "-X", "DELETE")).isEqualTo("400 ");
    assertThat(curl("/devices", "-I")).startsWith("501 ");
    assertThat(curl("/devices", "-X", "POST")).isEqualTo("501 ");
    assertThat(putRow("\"00001\",\"0.1.0\"")).isEqualTo("400 ");
    assertThat(putRow("\"00001\", \"0.1.0\", \"x\"")).isEqualTo("400 ");
    assertThat(putRow("00001,0.1.0,x")).isEqualTo(OK);
  }

  @Test
  void aBootLoaderAndAnImageForAnotherChipAreRefused() throws Exception {
    Files.write(directory.resolve("boot.bin"), EspImages.ofPlain(0, new byte[40]));
    assertThat(putFile("x.bin", "boot.bin")).startsWith("422 ").contains("describe an application");
    byte[] segment = {0x32, 0x54, (byte) 0xcd, (byte) 0xab};
    Files.write(directory.resolve("s3.bin"), EspImages.ofPlain(9, segment));
    assertThat(putFile("x.bin", "s3.bin")).startsWith("422 ").contains("is for esp32s3");
    assertThat(curl("/files/x.bin")).isEqualTo("404 ");
  }

  @Test
  void nobodyElseMayManage() throws Exception {
    for (String login : List.of("u:wrong", "u:ppp", "u:", "00001:secret-00001", ":")) {
      assertThat(curlAs(login, "/devices", "-D", "-"))
          .as(login)
          .contains("403 Forbidden")
          .doesNotContainIgnoringCase("WWW-Authenticate");
    }
    assertThat(device.get("/files/x", FakeEsp32.basic("u", "p")).getResponseCode()).isEqualTo(403);
  }

  @Test
  void theDeviceFetchesWhatIsThereForItsVersion() throws Exception {
    putFile("fw-0.1.1.bin", "fw.bin");
    assertThat(device.cycle()).isEqualTo(204);
    putRow(ROW);

    assertThat(device.cycle()).isEqualTo(200);

    assertThat(device.version()).isEqualTo("0.1.1");
    assertThat(device.cycle()).isEqualTo(204);
    assertThat(device.fetches()).isEqualTo(1);
  }

  @Test
  void aDeviceThatRefusesItGetsItThreeTimes() throws Exception {
    device.with(FakeEsp32.Flaw.REFUSES);
    putFile("fw-0.1.1.bin", "fw.bin");
    putRow(ROW);
    while (device.cycle() == 200) {
      assertThat(device.fetches()).isLessThanOrEqualTo(Offer.MAX_TRIES);
    }
    assertThat(device.fetches()).isEqualTo(Offer.MAX_TRIES);
  }

  @Test
  void whatCannotBeCheckedIsNotTaken() throws Exception {
    byte[] image = EspImages.of("0.1.1");
    Files.write(directory.resolve("half.bin"), Arrays.copyOf(image, image.length / 2));
    image[5000]++;
    Files.write(directory.resolve("damaged.bin"), image);
    Files.writeString(directory.resolve("page.html"), "<html>");
    Files.write(directory.resolve("empty.bin"), new byte[0]);
    assertThat(putFile("x.bin", "half.bin")).startsWith("422 The image ends in the middle");
    assertThat(putFile("x.bin", "damaged.bin")).startsWith("422 The image has another ");
    assertThat(putFile("x.bin", "page.html")).startsWith("422 The image does not begin with E9");
    assertThat(putFile("x.bin", "empty.bin")).startsWith("422 ");
    assertThat(putFile(".hidden", "fw.bin")).startsWith("422 The name of a file ");
    assertThat(curl("/files/x.bin")).isEqualTo("404 ");
  }

  @Test
  void thereIsALimit() throws Exception {
    Files.write(directory.resolve("large.bin"), new byte[(16 << 20) + 1]);
    assertThat(putFile("large.bin", "large.bin")).startsWith("413 The file is larger ");
    for (int i = 0; i < 16; i++) {
      assertThat(putFile("fw" + i, "fw.bin")).isEqualTo(OK);
    }
    assertThat(putFile("another", "fw.bin")).startsWith("507 There are 16 files already");
    assertThat(putFile("fw0", "fw.bin")).isEqualTo(OK);
    try (Stream<Path> files = Files.list(directory.resolve("management-" + port))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void onlyDevicesOfChildrenAreManaged() throws Exception {
    assertThat(putRow("\"00002\",\"0.1.0\",\"fw-0.1.1.bin\""))
        .isEqualTo("409 No child with management has the device_id 00002.\n");
    assertThat(curl("/devices")).isEqualTo(OK);
  }

  @Test
  void itLastsAndIsComparedBeforeItIsSent() throws Exception {
    putFile("fw-0.1.1.bin", "fw.bin");
    putRow(ROW);
    endpoint.close();
    endpoint.open();
    assertThat(curl("/devices")).isEqualTo(OK + ROW + "\n");
    try (Stream<Path> files = Files.list(directory.resolve("management-" + port))) {
      Path stored = files.filter(file -> !file.endsWith("index")).findAny().orElseThrow();
      Files.write(stored, new byte[] {1}, StandardOpenOption.WRITE);
    }

    assertThat(device.cycle()).isEqualTo(200);

    assertThat(device.version()).isEqualTo("0.1.0");
    assertThat(device.fetches()).isZero();
  }

  @Test
  void itIsThereAsLongAsAChildWantsIt() throws Exception {
    Endpoint second = adapter.endpoint().orElseThrow();
    second.open();
    endpoint.close();
    assertThat(curl("/devices")).isEqualTo(OK);
    second.close();
    assertThat(curl("/devices")).contains("curl: (7)");
  }

  @Test
  void anUpdateTakesPrecedence() throws Exception {
    putFile("fw-0.1.1.bin", "fw.bin");
    putRow(ROW);
    CompletableFuture<Boolean> update = CompletableFuture.supplyAsync(this::update);
    await().until(() -> curl("/devices").equals(OK));
    assertThat(putRow(ROW)).isEqualTo("409 An update of thin-edge is under way for 00001.\n");
    while (!update.isDone()) {
      device.cycle();
    }
    assertThat(update.get()).isTrue();
    assertThat(device.version()).isEqualTo("0.2.0");
    assertThat(putRow(ROW)).isEqualTo(OK);
  }

  private boolean update() {
    try {
      Path file = Files.write(directory.resolve("update.bin"), EspImages.of("0.2.0"));
      FirmwareImage image = FirmwareImages.verified(file);
      adapter.install(
          Samples.installation(new ChildId("meter"), "op", new Firmware("fw", "0.2.0"), image),
          new RecordingProgress());
      return true;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
