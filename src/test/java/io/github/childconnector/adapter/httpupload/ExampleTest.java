package io.github.childconnector.adapter.httpupload;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.update.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of {@code examples/httpupload} do what they say with devices that behave so. */
@IntegrationTest
class ExampleTest {
  private static final Path EXAMPLE = Path.of("examples/httpupload/connector.toml");
  private static final byte[] IMAGE = Bench.bytes(50_000);

  private final RecordingProgress progress = new RecordingProgress();
  private final FakeBoard board;
  private final Bench bench;
  private final Map<String, Child> children;

  ExampleTest(@TempDir Path directory) throws IOException, ConfigurationException {
    board = new FakeBoard();
    bench = new Bench(directory);
    String secret = bench.secret("s3cret").replace("\"", "");
    children =
        children(
            text ->
                text.replaceAll("http://[0-9.]+", board.url(""))
                    .replaceAll("/etc/tedge-child-connector/[a-z0-9-]+\\.password", secret));
  }

  private Map<String, Child> children(UnaryOperator<String> place)
      throws IOException, ConfigurationException {
    Path config =
        bench.write("example.toml", place.apply(Files.readString(EXAMPLE)).getBytes(UTF_8));
    return new ConfigLoader(List.of(new HttpUploadAdapterProvider()), name -> Optional.empty())
        .load(config).children().stream()
            .collect(Collectors.toMap(child -> child.id().value(), child -> child));
  }

  @AfterEach
  void close() {
    board.close();
  }

  private DeviceAdapter adapter(String child) {
    return Optional.ofNullable(children.get(child)).orElseThrow().adapter();
  }

  private void install(String child) throws Exception {
    adapter(child).install(bench.installation(IMAGE), progress);
  }

  private String version(String child) throws Exception {
    return bench.readVersion(adapter(child));
  }

  private void answers(String request, String text) {
    board.on(
        request,
        visit -> {
          visit.readBody();
          visit.answer("200 OK", text);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"esp8266", "elegant-ota", "sming", "tasmota", "mongoose-os", "shelly", "esphome"})
  void everyTableIsForAChildWhoseVersionIsRead(String child) {
    assertThat(adapter(child).versionReader()).isPresent();
  }

  @Test
  void esp8266() throws Exception {
    answers("POST /update", "<META http-equiv=\"refresh\">Update Success! Rebooting...");
    answers("GET /version", "2.0");
    install("esp8266");
    assertThat(version("esp8266")).isEqualTo("2.0");

    answers("POST /update", "Update error: ERROR[4]: Not Enough Space");
    assertThat(Bench.failure(() -> install("esp8266")).sentence())
        .contains("Update error: ERROR[4]: Not Enough Space");
  }

  @Test
  void elegantOta() throws Exception {
    answers("GET /ota/start", "OK");
    answers("POST /ota/upload", "OK");
    install("elegant-ota");

    assertThat(board.visits("GET /ota/start").get(0).line()).contains("?mode=fr&hash=");
    assertThat(board.visits("POST /ota/upload").get(0).file()).isEqualTo(IMAGE);
  }

  @Test
  void sming() throws Exception {
    answers("POST /upgrade", "Upgrade complete");
    install("sming");
    assertThat(new String(board.visits("POST /upgrade").get(0).body(), ISO_8859_1))
        .contains("name=\"firmware\"");

    board.on(
        "POST /upgrade",
        visit -> {
          visit.readBody();
          visit.answer("400 Bad Request", "<b>DigestMismatch</b>");
        });
    assertThat(Bench.failure(() -> install("sming")).sentence())
        .contains("answered 400: DigestMismatch");
  }

  @Test
  void tasmota() throws Exception {
    answers("GET /up", "<form>");
    answers("POST /u2", "<div>Upload <b>Successful</b></div>");
    answers("GET /cm", "{\"StatusFWR\":{\"Version\":\"14.2.0(tasmota)\"}}");
    install("tasmota");

    assertThat(board.visits("GET /up")).hasSize(1);
    assertThat(board.visits("POST /u2").get(0).line()).contains("/u2?fsz=" + IMAGE.length);
    assertThat(version("tasmota")).isEqualTo("14.2.0");
    assertThat(board.visits("GET /cm").get(0).line()).contains("?cmnd=Status%202 ");

    answers("POST /u2", "<div>Upload <b>Failed</b></div>");
    assertThat(Bench.failure(() -> install("tasmota")).code())
        .isEqualTo(FailureCode.INSTALL_FAILED);
  }

  @Test
  void mongooseOs() throws Exception {
    answers("POST /update", "Update applied, rebooting");
    answers("GET /rpc/Sys.GetInfo", "{\"app\":\"x\",\"fw_version\":\"1.4\"}");
    install("mongoose-os");

    assertThat(version("mongoose-os")).isEqualTo("1.4");
  }

  @Test
  void shelly() throws Exception {
    board.on(
        "GET /update",
        visit -> {
          if (visit.header("Authorization").isEmpty()) {
            visit.answer(
                "401 Unauthorized",
                "",
                "WWW-Authenticate: Digest qop=\"auth\", realm=\"shellyplus1\", nonce=\"1\","
                    + " algorithm=SHA-256");
          } else {
            visit.answer("200 OK", "");
          }
        });
    answers("POST /update", "");
    answers("GET /rpc/Shelly.GetDeviceInfo", "{\"id\":\"shellyplus1-a\",\"ver\":\"1.4.4\"}");
    install("shelly");

    assertThat(board.visits("POST /update").get(0).header("Authorization").orElse(""))
        .contains("algorithm=SHA-256");
    assertThat(version("shelly")).isEqualTo("1.4.4");
  }

  @Test
  void esphome() throws Exception {
    answers("POST /update", "Update Successful!");
    answers(
        "GET /text_sensor/project_version",
        "{\"id\":\"text_sensor-v\",\"value\":\"2.1\",\"state\":\"2.1\"}");
    install("esphome");
    assertThat(version("esphome")).isEqualTo("2.1");

    answers("POST /update", "Update Failed!");
    assertThat(Bench.failure(() -> install("esphome")).sentence()).contains("Update Failed!");
  }
}
