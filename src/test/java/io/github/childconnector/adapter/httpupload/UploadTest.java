package io.github.childconnector.adapter.httpupload;

import static com.github.tomakehurst.wiremock.client.WireMock.aMultipart;
import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.exactly;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent to a well-behaved device, and what its answers mean. */
@IntegrationTest
class UploadTest {
  private static final byte[] IMAGE = Bench.bytes(300_000);
  private static final WireMockServer DEVICE =
      new WireMockServer(options().dynamicPort().bindAddress("127.0.0.1"));

  private final RecordingProgress progress = new RecordingProgress();
  private Bench bench = new Bench(Path.of("."));

  @BeforeAll
  static void start() {
    DEVICE.start();
  }

  @AfterAll
  static void stop() {
    DEVICE.stop();
  }

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new Bench(directory);
    DEVICE.resetAll();
    DEVICE.stubFor(any(anyUrl()).willReturn(aResponse().withBody("OK")));
  }

  private static String url(String path) {
    return "url = \"" + DEVICE.baseUrl() + path + "\"";
  }

  private void install(String... lines) throws Exception {
    bench.adapter(lines).install(bench.installation(IMAGE), progress);
  }

  private Failure failure(String... lines) {
    return Bench.failure(() -> install(lines));
  }

  private static void answer(int status, String text) {
    DEVICE.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody(text)));
  }

  @Test
  void aFormIsPosted() throws Exception {
    install(url("/update"));

    DEVICE.verify(
        postRequestedFor(urlEqualTo("/update"))
            .withHeader("Content-Type", matching("multipart/form-data; boundary=connector-\\w{32}"))
            .withHeader("Content-Length", matching("300\\d{3}"))
            .withHeader("Transfer-Encoding", absent())
            .withHeader("Expect", absent())
            .withHeader("Authorization", absent())
            .withRequestBodyPart(
                aMultipart("firmware")
                    .withHeader("Content-Disposition", containing("filename=\"firmware.bin\""))
                    .withBody(binaryEqualTo(IMAGE))
                    .build()));
    assertThat(progress.said()).contains("step WRITE").endsWith("The device answered 200: OK");
  }

  @Test
  void fieldsGoBeforeTheImageWithTheirValues() throws Exception {
    install(
        url("/update"),
        "field = \"file\"",
        "file_name = \"fw-{version}.bin\"",
        "fields = { MD5 = \"{md5}\", about = \"{name} {sha256} {size}\" }");

    DEVICE.verify(
        postRequestedFor(urlEqualTo("/update"))
            .withRequestBodyPart(
                aMultipart("MD5").withBody(equalTo(DigestUtils.md5Hex(IMAGE))).build())
            .withRequestBodyPart(
                aMultipart("about")
                    .withBody(
                        equalTo("Open fw " + DigestUtils.sha256Hex(IMAGE) + " " + IMAGE.length))
                    .build())
            .withRequestBodyPart(aMultipart("file").withBody(binaryEqualTo(IMAGE)).build()));
  }

  @Test
  void theImageAloneIsPut() throws Exception {
    install(url("/fw?v={version}&n={name}"), "method = \"PUT\"", "form = \"raw\"");

    DEVICE.verify(
        putRequestedFor(urlEqualTo("/fw?v=2.0%20%CE%B2&n=Open%20fw"))
            .withHeader("Content-Type", equalTo("application/octet-stream"))
            .withHeader("Content-Length", equalTo("300000"))
            .withRequestBody(binaryEqualTo(IMAGE)));
  }

  @Test
  void anEmptyImageIsSentToo() throws Exception {
    bench.adapter(url("/fw"), "form = \"raw\"").install(bench.installation(new byte[0]), progress);

    DEVICE.verify(postRequestedFor(urlEqualTo("/fw")).withHeader("Content-Length", equalTo("0")));
  }

  @Test
  void theDeviceIsToldBefore() throws Exception {
    String prepare = "prepare_url = \"" + DEVICE.baseUrl() + "/start?hash={md5}\"";
    install(url("/upload"), prepare, "headers = { X-Token = \"a b\", Referer = \"http://x/\" }");

    DEVICE.verify(
        getRequestedFor(urlEqualTo("/start?hash=" + DigestUtils.md5Hex(IMAGE)))
            .withHeader("X-Token", equalTo("a b")));
    DEVICE.verify(
        postRequestedFor(urlEqualTo("/upload"))
            .withHeader("X-Token", equalTo("a b"))
            .withHeader("Referer", equalTo("http://x/")));
    assertThat(progress.said()).startsWith("step PREPARE", "step WRITE");
  }

  @Test
  void nothingIsSentWhereThatFails() {
    DEVICE.stubFor(get("/start").willReturn(aResponse().withStatus(500).withBody("no room")));

    assertThat(
            failure(url("/upload"), "prepare_url = \"" + DEVICE.baseUrl() + "/start\"").sentence())
        .isEqualTo(
            "The device at %s/start did not accept the image: it answered 500: no room; check prepare_url."
                .formatted(DEVICE.baseUrl()));
    DEVICE.verify(exactly(0), postRequestedFor(anyUrl()));
  }

  @Test
  void basicCredentialsAreSentAtOnce() throws Exception {
    String password = "password_file = " + bench.secret("pass: wörd");
    install(url("/update"), "auth = \"basic\"", "username = \"admin\"", password);

    DEVICE.verify(
        exactly(1),
        postRequestedFor(urlEqualTo("/update"))
            .withHeader("Authorization", equalTo("Basic YWRtaW46cGFzczogd8O2cmQ=")));
    assertThat(DEVICE.getAllServeEvents()).hasSize(1);
  }

  @Test
  void aTokenIsSent() throws Exception {
    install(url("/update"), "auth = \"bearer\"", "token_file = " + bench.secret("t0ken"));

    DEVICE.verify(
        postRequestedFor(urlEqualTo("/update"))
            .withHeader("Authorization", equalTo("Bearer t0ken")));
  }

  @Test
  void aPasswordFileThatIsGoneIsNamed() throws Exception {
    String file = bench.secret("x");
    DeviceAdapter adapter = bench.adapter(url("/"), "auth = \"bearer\"", "token_file = " + file);
    Files.delete(Path.of(file.replace("\"", "")));

    assertThat(Bench.failure(() -> adapter.install(bench.installation(IMAGE), progress)).sentence())
        .startsWith("The device cannot be asked: there is no file ")
        .contains("create it");
    assertThat(DEVICE.getAllServeEvents()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | who? | answered 401: who?; check auth, username",
        "404 | '' | answered 404; check url and method",
        "413 | '' | the image may be too large",
        "302 | '' | redirects are not followed",
        "503 | busy | answered 503: busy",
        "500 | <h1>Error</h1><p>no  space</p> | answered 500: Error no space",
      })
  void aStatusIsAFailure(int status, String text, String expected) {
    answer(status, text);

    Failure failure = failure(url("/update?pwd=s3cret"));

    assertThat(failure.code()).isEqualTo(FailureCode.INSTALL_FAILED);
    assertThat(failure.sentence())
        .startsWith("The device at " + DEVICE.baseUrl() + "/update did not accept the image: it ")
        .contains(expected)
        .doesNotContain("s3cret");
  }

  @Test
  void aTextIsAFailureWhateverTheStatus() {
    answer(200, "<b>Update error: </b>ERROR[4]: Not Enough Space");

    assertThat(failure(url("/"), "failure_pattern = \"Update error\"").sentence())
        .contains("answered 200: Update error: ERROR[4]: Not Enough Space");
  }

  @Test
  void aTextMustBeThere() throws Exception {
    answer(200, "who knows");

    assertThat(failure(url("/"), "success_pattern = \"Success\"").sentence())
        .contains("answered 200: who knows, in which success_pattern is not found");
    answer(200, "x".repeat(60_000) + "Update Success! Rebooting");
    install(url("/"), "success_pattern = \"Update Succ.*\"");
  }

  @Test
  void onlySomeStatusesAreASuccess() throws Exception {
    answer(302, "");
    install(url("/"), "success_status = [\"204\", \"302\"]");
    answer(200, "");

    assertThat(failure(url("/"), "success_status = [\"204\", \"302\"]").sentence())
        .contains("answered 200");
  }

  @Test
  void aPatternThatTakesForEverEndsInAFailure() {
    answer(200, "a".repeat(400));

    assertThat(failure(url("/"), "failure_pattern = \".*.*.*.*.*.*b\"").sentence())
        .contains("the pattern \".*.*.*.*.*.*b\" takes too long");
  }

  @Test
  void noMoreOfAnAnswerIsKept() {
    answer(200, "x".repeat(70_000) + "Success");

    assertThat(failure(url("/"), "success_pattern = \"Success\"").sentence())
        .contains("success_pattern is not found");
  }

  @Test
  void aBusyDeviceIsOneThatSaysSoBeforeTheImage() {
    DEVICE.stubFor(get("/start").willReturn(aResponse().withStatus(503).withBody("in use")));
    String prepare = "prepare_url = \"" + DEVICE.baseUrl() + "/start\"";

    assertThatThrownBy(() -> install(url("/"), prepare))
        .isInstanceOf(DeviceBusyException.class)
        .hasMessage("the device at " + DEVICE.baseUrl() + "/start answered 503: in use");
    assertThat(failure(url("/"), prepare, "busy_status = [\"409\"]").sentence())
        .contains("answered 503: in use; check prepare_url");
  }

  @Test
  void aDeviceThatIsNotThereIsBusy() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }
    assertThatThrownBy(() -> install("url = \"http://127.0.0.1:" + port + "/\""))
        .isInstanceOf(DeviceBusyException.class)
        .hasMessageStartingWith("the device at http://127.0.0.1:" + port + "/ is not there, no co");
  }

  @Test
  void anImageThatCannotBeReadIsNamed() throws IOException {
    var installation = bench.installation(IMAGE);
    Files.delete(installation.image().path());

    assertThat(
            Bench.failure(() -> bench.adapter(url("/")).install(installation, progress)).sentence())
        .contains("cannot be read");
  }
}
