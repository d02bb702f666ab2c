package io.github.childconnector.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.childconnector.IntegrationTest;
import io.github.childconnector.cli.ScriptedLink.Step;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.PublishException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
@IntegrationTest
class RequestCommandTest {
  private static final Clock TEATIME =
      Clock.fixed(Instant.parse("2026-11-20T15:04:05Z"), ZoneOffset.UTC);

  private final FakeClock clock = FakeClock.standing();
  private final List<MqttSettings> settings = new ArrayList<>();
  private String brokerHost = "127.0.0.1";
  private boolean isTerminal;
  private ScriptedLink link = ScriptedLink.answering(link -> {});
  private RecordingConsole console = new RecordingConsole(List.of());

  @TempDir private Path directory = Path.of("");
  private OperatorFiles files = new OperatorFiles(directory);
  private Path file = Path.of("");

  @BeforeEach
  void writeFiles() throws IOException {
    files = new OperatorFiles(directory);
    file = Files.writeString(directory.resolve("image.bin"), "firmware");
  }

  /** Runs {@code request} for the file and returns its exit code. */
  private int request(ScriptedLink scripted, String child, String... more) {
    link = scripted;
    configure();
    console =
        new RecordingConsole(
            List.of(
                new RequestCommand(
                    files.loader(),
                    broker -> {
                      settings.add(broker);
                      return link;
                    },
                    clock,
                    new RequestDisplay.Style(isTerminal, TEATIME))));
    List<String> words = new ArrayList<>(List.of("request", child, file.toString()));
    words.addAll(List.of("--name", "OpenWRT", "--version", "22.03"));
    words.add("--config=" + files.config());
    words.addAll(List.of(more));
    return console.execute(words.toArray(String[]::new));
  }

  private void configure() {
    try {
      files.configure(
          "mqtt.host = \"" + brokerHost + "\"",
          OperatorFiles.child("plc-1", "external_id = \"gw:device:plc-1\""));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonObject message(ScriptedLink link) {
    return JsonParser.parseString(link.messages().get(link.messages().size() - 1))
        .getAsJsonObject();
  }

  private static String text(ScriptedLink link, String key) {
    return message(link).get(key).getAsString();
  }

  private static void report(ScriptedLink link, String status) throws InterruptedException {
    link.deliver("{\"id\":\"" + text(link, "id") + "\",\"status\":\"" + status + "\"}");
  }

  private static HttpResponse<byte[]> fetch(String url, String method) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
  }

  private List<String> shown() {
    return console.out().lines().skip(1).toList();
  }

  @Test
  void aSuccessIsShownStepByStepAndEndsWith0() {
    Step answer =
        link -> {
          report(link, "executing");
          report(link, "executing");
          report(link, "successful");
        };

    assertThat(request(ScriptedLink.answering(answer), "plc-1", "--id", "op-1")).isEqualTo(0);

    assertThat(console.out().lines().findFirst().orElseThrow())
        .matches(
            "15:04:05 image offered at http://127\\.0\\.0\\.1:\\d+/te/v1/files/gw:device:plc-1/"
                + "firmware_update/[0-9a-f]{64}");
    assertThat(shown())
        .containsExactly("15:04:05 request op-1 sent", "15:04:05 executing", "15:04:05 successful");
    assertThat(console.err()).isEmpty();
    assertThat(link.acknowledged()).isEqualTo(3);
    assertThat(link.isClosed()).isTrue();
  }

  @Test
  void aFailureIsShownWithItsReasonAndEndsWith70() {
    Step answer =
        link ->
            link.deliver(
                "{\"id\":\""
                    + text(link, "id")
                    + "\",\"status\":\"failed\",\"reason\":\"device-busy: \\u001b[2Jtry\\nlater\"}");

    assertThat(request(ScriptedLink.answering(answer), "plc-1")).isEqualTo(70);

    assertThat(shown()).last().isEqualTo("15:04:05 failed: device-busy:  [2Jtry later");
  }

  @Test
  void theRequestIsExactlyThinEdges() {
    assertThat(
            request(
                ScriptedLink.answering(link -> report(link, "successful")),
                "plc-1",
                "--id",
                "-tLrLthPXksKbqRqIsrDm"))
        .isEqualTo(0);

    String url = text(link, "url");
    assertThat(link.messages())
        .containsExactly(
            "{\"id\":\"-tLrLthPXksKbqRqIsrDm\",\"attempt\":1,\"name\":\"OpenWRT\",\"version\":\"22.03\","
                + "\"sha256\":\""
                + DigestUtils.sha256Hex("firmware")
                + "\",\"url\":\""
                + url
                + "\"}");
    assertThat(link.topics()).containsExactly("tedge/gw:device:plc-1/commands/req/firmware_update");
    assertThat(link.filters())
        .containsExactly("tedge/gw:device:plc-1/commands/res/firmware_update");
  }

  @Test
  void forcedItSaysSoToTheConnector() {
    request(ScriptedLink.answering(link -> report(link, "successful")), "plc-1", "--force");

    assertThat(message(link).get("force").getAsBoolean()).isTrue();
    assertThat(link.messages().get(0)).endsWith("\"force\":true}");
  }

  @Test
  void aDeviceThatWasLeftAloneIsShownAndIsASuccess() {
    Step answer =
        link ->
            link.deliver(
                "{\"id\":\""
                    + text(link, "id")
                    + "\",\"status\":\"successful\",\"reason\":\"not flashed: it runs 22.03 already\"}");

    assertThat(request(ScriptedLink.answering(answer), "plc-1")).isEqualTo(0);

    assertThat(shown()).last().isEqualTo("15:04:05 successful: not flashed: it runs 22.03 already");
  }

  @Test
  void idsAreNewAndOfThinEdgesForm() {
    ScriptedLink first = ScriptedLink.answering(link -> report(link, "successful"));
    ScriptedLink second = ScriptedLink.answering(link -> report(link, "successful"));
    request(first, "plc-1");
    request(second, "plc-1");

    assertThat(text(first, "id")).matches("[A-Za-z0-9_-]{21}").isNotEqualTo(text(second, "id"));
  }

  @Test
  void theLinkIsOneOfItsOwn() {
    request(ScriptedLink.answering(link -> report(link, "successful")), "plc-1");

    MqttSettings used = settings.get(0);
    assertThat(used.clientId()).matches("tedge-child-connector-request-[A-Za-z0-9_-]{8}");
    assertThat(used.session()).isFalse();
    assertThat(used.address()).isEqualTo("127.0.0.1:1883");
  }

  @Test
  void aChildThatIsNotConfiguredIsTakenAsAnExternalId() {
    request(ScriptedLink.answering(link -> report(link, "successful")), "other");

    assertThat(link.topics()).containsExactly("tedge/other/commands/req/firmware_update");
    assertThat(console.err())
        .isEqualTo("other is not a child in " + files.config() + "; taken as an external id\n");
  }

  @Test
  void aConfiguredExternalIdIsTakenWithoutAWord() {
    request(ScriptedLink.answering(link -> report(link, "successful")), "gw:device:plc-1");

    assertThat(link.topics()).containsExactly("tedge/gw:device:plc-1/commands/req/firmware_update");
    assertThat(console.err()).isEmpty();
  }

  @Test
  void aDigestThatIsGivenIsAnnouncedThoughItIsWrong() {
    String wrong = "ABCDEF" + "0".repeat(58);
    request(ScriptedLink.answering(link -> report(link, "successful")), "plc-1", "--sha256", wrong);

    assertThat(text(link, "sha256")).isEqualTo("abcdef" + "0".repeat(58));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"another\",\"status\":\"failed\"}",
        "{\"status\":\"failed\"}",
        "{\"id\":null,\"status\":\"failed\"}",
        "{\"id\":{},\"status\":[]}",
        "{\"id\":\"op-1\"}",
        "{\"id\":\"op-1\",\"status\":\"exploded\"}",
        "[]",
        "{",
        ""
      })
  void whatIsNoStatusOfThisOperationEndsNothing(String message) {
    Step answer =
        link -> {
          link.deliver(message);
          report(link, "successful");
        };

    assertThat(request(ScriptedLink.answering(answer), "plc-1", "--id", "op-1")).isEqualTo(0);
    assertThat(link.acknowledged()).isEqualTo(2);
  }

  @Test
  void theFileIsServedByteForByteInChunksUnderOnePath() throws Exception {
    byte[] image = new byte[300_000];
    new Random(7).nextBytes(image);
    Files.write(file, image);
    List<HttpResponse<byte[]>> responses = new ArrayList<>();
    Step answer =
        link -> {
          String url = text(link, "url");
          responses.add(fetch(url, "GET"));
          responses.add(fetch(url + "x", "GET"));
          responses.add(fetch(url, "PUT"));
          report(link, "successful");
        };

    assertThat(request(ScriptedLink.answering(answer), "plc-1")).isEqualTo(0);

    HttpResponse<byte[]> image200 = responses.get(0);
    assertThat(image200.body()).isEqualTo(image);
    assertThat(image200.headers().firstValue("Transfer-Encoding")).hasValue("chunked");
    assertThat(image200.headers().firstValue("Content-Length")).isEmpty();
    assertThat(responses).extracting(HttpResponse::statusCode).containsExactly(200, 404, 405);
    assertThat(text(link, "sha256")).isEqualTo(DigestUtils.sha256Hex(image));
    assertThat(shown())
        .contains("15:04:05 image fetched to 50 %", "15:04:05 image fetched, 293.0 KiB");
  }

  @Test
  void theFileIsNoLongerServedAfterTheEnd() {
    request(ScriptedLink.answering(link -> report(link, "successful")), "plc-1");

    String url = text(link, "url");
    assertThatThrownBy(() -> fetch(url, "GET")).isInstanceOf(ConnectException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"child one", "a%20b", "Gerät"})
  void aChildIdThatAUrlCannotHoldIsServedEncodedOrNot(String child) {
    List<Integer> codes = new ArrayList<>();
    Step answer =
        link -> {
          URI url = URI.create(text(link, "url").replaceFirst("/te/.*", "/"));
          String path = text(link, "url").replaceFirst(".*?(?=/te/)", "");
          String encoded = new URI(null, null, path, null).toASCIIString();
          codes.add(fetch(url.resolve(encoded).toString(), "GET").statusCode());
          report(link, "successful");
        };

    request(ScriptedLink.answering(answer), child);

    assertThat(text(link, "url")).contains("/te/v1/files/" + child + "/firmware_update/");
    assertThat(codes).containsExactly(200);
  }

  @Test
  void onATerminalAGrowingBarShowsTheFetching() throws Exception {
    Files.write(file, new byte[3 * 1024 * 1024]);
    isTerminal = true;
    Step answer =
        link -> {
          fetch(text(link, "url"), "GET");
          report(link, "successful");
        };

    assertThat(request(ScriptedLink.answering(answer), "plc-1")).isEqualTo(0);

    assertThat(console.out())
        .contains("\r\u001b[K  [===============>              ]  50 % of 3 MiB\r")
        .contains("\r\u001b[K15:04:05 image fetched, 3 MiB\n");
  }

  @Test
  void aLargeImageIsMeasuredInTheUnitThatSuitsIt() throws Exception {
    isTerminal = true;
    StringWriter out = new StringWriter();
    RequestDisplay display =
        new RequestDisplay(
            new PrintWriter(out), new RequestDisplay.Style(isTerminal, TEATIME), 3L << 29);

    display.fetched(3L << 28);
    display.fetched(3L << 29);

    assertThat(out.toString()).contains(" 50 % of 1.5 GiB").contains("image fetched, 1.5 GiB");
  }

  @Test
  void anEmptyFileIsFetchedToo() throws Exception {
    Files.write(file, new byte[0]);
    Step answer =
        link -> {
          assertThat(fetch(text(link, "url"), "GET").body()).isEmpty();
          report(link, "successful");
        };

    assertThat(request(ScriptedLink.answering(answer), "plc-1")).isEqualTo(0);
  }

  @Test
  void withoutAnAnswerTheOperatorIsToldWhatToCheck() {
    Step silence = link -> clock.advance(Duration.ofMinutes(5));

    assertThat(request(ScriptedLink.answering(silence), "plc-1", "--timeout", "5m")).isEqualTo(69);

    assertThat(console.err())
        .isEqualTo(
            "No final status within 5m. Is the connector running on this broker (systemctl status"
                + " tedge-child-connector), and is one of its children known to thin-edge as"
                + " gw:device:plc-1 (tedge-child-connector check-config)?\n");
  }

  @Test
  void anOperationThatIsStillExecutingAtTheEndOfTheTimeIsNotCalledLost() {
    Step slow =
        link -> {
          report(link, "executing");
          clock.advance(Duration.ofHours(1));
        };

    assertThat(request(ScriptedLink.answering(slow), "plc-1")).isEqualTo(69);

    assertThat(console.err())
        .startsWith("No final status within 1h. The connector is still at it;");
  }

  @Test
  void aBrokerThatIsNotThereIsGivenUpAfter15Seconds() {
    ScriptedLink dead =
        new ScriptedLink(
            link -> {
              link.down("connection refused; is mosquitto running?");
              link.down("connection refused; is mosquitto running?");
              clock.advance(Duration.ofSeconds(15));
            },
            link -> {});

    assertThat(request(dead, "plc-1")).isEqualTo(69);

    assertThat(shown())
        .containsExactly(
            "15:04:05 waiting for the broker: connection refused; is mosquitto running?");
    assertThat(console.err())
        .isEqualTo(
            "The broker could not be reached within 15 seconds: connection refused; is mosquitto"
                + " running?\n");
    assertThat(dead.isClosed()).isTrue();
  }

  @Test
  void aBrokerThatSaysNothingIsGivenUpAfter15Seconds() {
    ScriptedLink silent =
        new ScriptedLink(link -> clock.advance(Duration.ofSeconds(15)), link -> {});

    assertThat(request(silent, "plc-1")).isEqualTo(69);
    assertThat(console.err()).contains("it did not answer; is it running?");
  }

  @Test
  void aRequestTheBrokerForbidsIsNotTriedAgain() {
    Step forbidden =
        link -> {
          throw new PublishException("not authorized; see its acl_file", true);
        };

    assertThat(request(ScriptedLink.answering(forbidden), "plc-1")).isEqualTo(69);
    assertThat(console.err())
        .isEqualTo("The broker does not take the request: not authorized; see its acl_file\n");
    assertThat(link.messages()).hasSize(1);
  }

  @Test
  void afterAnInterruptionTheRequestIsSentAgainUnderItsId() {
    Step interrupted =
        link -> {
          if (link.messages().size() == 1) {
            report(link, "executing");
            link.down("connection lost");
            link.up();
          } else {
            clock.advance(Duration.ofSeconds(15));
            report(link, "executing");
            report(link, "successful");
          }
        };

    assertThat(request(ScriptedLink.answering(interrupted), "plc-1", "--id", "op-1")).isEqualTo(0);

    assertThat(message(link).get("attempt").getAsInt()).isEqualTo(2);
    assertThat(text(link, "id")).isEqualTo("op-1");
    assertThat(shown())
        .containsExactly(
            "15:04:05 request op-1 sent",
            "15:04:05 executing",
            "15:04:05 waiting for the broker: connection lost",
            "15:04:05 request sent again",
            "15:04:05 successful");
  }

  @Test
  void aRequestThatMayNotHaveArrivedIsSentAgainWhenTheLinkIsBack() {
    Step lost =
        link -> {
          if (link.messages().size() == 1) {
            link.up();
            throw new PublishException("no acknowledgement within 5 seconds", false);
          }
          report(link, "successful");
        };

    assertThat(request(ScriptedLink.answering(lost), "plc-1")).isEqualTo(0);
    assertThat(link.messages()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--sha256 abc      | --sha256 takes 64 hexadecimal digits",
        "--timeout 5       | '5' is not a length of time such as 30s, 5m or 1h",
        "--timeout 0s      | '0s' is not a length of time",
        "--timeout -1h     | '-1h' is not a length of time",
        "--id a/b          | --id takes 1 to 128 characters",
        "--id ../x         | --id takes 1 to 128 characters",
        "--address [nowhere] | --address [nowhere] is not known here",
        "--nam x           | Possible solutions: --name"
      })
  void aWordThatMakesNoSenseEndsWith64BeforeAnythingIsSent(String words, String sentence) {
    assertThat(request(link, "plc-1", words.split(" "))).isEqualTo(64);
    assertThat(console.err()).contains(sentence);
    assertThat(settings).isEmpty();
  }

  @Test
  void aChildIdThatIsATopicFilterIsRefused() {
    assertThat(request(link, "+")).isEqualTo(64);
    assertThat(console.err()).contains("none of / + #");
  }

  @Test
  void aFileThatIsNotThereEndsWith64() {
    file = directory.resolve("missing.bin");

    assertThat(request(link, "plc-1")).isEqualTo(64);
    assertThat(console.err()).contains("There is no file " + file);
  }

  @Test
  void aDirectoryIsNoFile() {
    file = directory;

    assertThat(request(link, "plc-1")).isEqualTo(64);
    assertThat(console.err()).contains("There is no file " + file);
  }

  @Test
  void anAddressThatIsGivenIsTheOneInTheUrl() {
    request(
        ScriptedLink.answering(link -> report(link, "successful")),
        "plc-1",
        "--address",
        "localhost");

    assertThat(text(link, "url")).startsWith("http://localhost:");
  }

  @Test
  void aBrokerWhoseNameIsUnknownEndsWith69() {
    // No name server is asked for a name with so long a part.
    brokerHost = "n".repeat(64);

    assertThat(request(link, "plc-1")).isEqualTo(69);
    assertThat(console.err())
        .startsWith("There is no way to the broker at " + brokerHost + ":1883:");
  }
}
