package io.github.childconnector.thinedge.v1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Sha256;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class CommandTest {
  private static final String REMOTE = "https://t1.cumulocity.com/inventory/binaries/51541";
  private static final String PROXY = "http://127.0.0.1:8001/c8y/inventory/binaries/51541";
  private static final String GOOD =
      """
      {"status":"init","tedgeUrl":"%s","remoteUrl":"%s","name":"myFirmware","version":"1.0"}
      """
          .formatted(PROXY, REMOTE)
          .strip();

  private static Command read(String document) {
    return Command.read(document.getBytes(UTF_8));
  }

  private static CommandState failed(String reason) {
    return new CommandState(OperationStatus.FAILED, Optional.of(reason));
  }

  private static String told(Command command, CommandState state) {
    return new String(command.document(state), UTF_8);
  }

  private static String with(String... fields) {
    return GOOD.replace("}", "," + String.join(",", fields) + "}");
  }

  @Test
  void theMappersOwnExampleIsValid() {
    Command command = read(GOOD);
    assertThat(command.problem()).isEmpty();
    assertThat(command.status()).contains("init");
    assertThat(command.reason()).isEmpty();
    assertThat(command.firmware()).isEqualTo(new Firmware("myFirmware", "1.0"));
    assertThat(command.url()).contains(PROXY);
    assertThat(command.digest()).isEmpty();
    // printf %s "$REMOTE" | sha256sum
    assertThat(command.sourceKey()).isEqualTo(Sha256.of(REMOTE.getBytes(UTF_8)).hex());
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"tedgeUrl\":\"a\",\"remoteUrl\":\"b\",\"url\":\"c\"}', a, b",
    "'{\"tedgeUrl\":\"\",\"remoteUrl\":\"b\",\"url\":\"c\"}', b, b",
    "'{\"tedgeUrl\":null,\"remoteUrl\":\"b\"}', b, b",
    "'{\"tedgeUrl\":\"a\",\"remoteUrl\":\"\",\"url\":\"c\"}', a, a",
    "'{\"remoteUrl\":\"\",\"url\":\"c\"}', c, c",
    "'{\"url\":\"c\"}', c, c",
  })
  void theFirstAddressIsTaken(String urls, String url, String source) {
    Command command =
        read(urls.replace("{", "{\"status\":\"init\",\"name\":\"\",\"version\":\"\","));
    assertThat(command.problem()).isEmpty();
    assertThat(command.url()).contains(url);
    assertThat(command.sourceKey()).isEqualTo(Sha256.of(source.getBytes(UTF_8)).hex());
  }

  /** As it comes by thin-edge's firmware plugin, which names its copy by the cloud's address. */
  @Test
  void theSameUpdateByTheLegacyContractIsTheSame() {
    ChildId plc = new ChildId("plc");
    FirmwareUpdate update = read(GOOD).update(new OperationKey(plc, "c8y-mapper-1"));
    FirmwareUpdate legacy =
        new FirmwareUpdate(
            new OperationKey(plc, "tLrLthPXksKbqRqIsrDmy"),
            new Firmware("myFirmware", "1.0"),
            new Sha256("ab".repeat(32)),
            "http://127.0.0.1:8000/te/v1/files/plc/firmware_update/" + update.source());
    assertThat(update.isSame(legacy)).isTrue();
    assertThat(update.url()).isEqualTo(PROXY);
    assertThat(update.digest()).isEmpty();
    assertThat(update.isForced()).isFalse();
    assertThat(read(with("\"force\":true")).update(update.key()).isForced()).isTrue();
  }

  @Test
  void aPromisedDigestIsTaken() {
    assertThat(read(with("\"sha256\":\"" + "AB".repeat(32) + "\"")).digest())
        .contains(new Sha256("ab".repeat(32)));
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        arguments("no status", GOOD.replace("status", "state"), "the field status is missing"),
        arguments("no name", GOOD.replace("name", "label"), "the field name is missing"),
        arguments("no version", GOOD.replace("version", "v"), "the field version is missing"),
        arguments(
            "no address",
            GOOD.replaceAll("(tedge|remote)Url", "$1"),
            "none of the fields tedgeUrl"),
        arguments(
            "empty addresses", GOOD.replaceAll("http[^\"]+", ""), "none of the fields tedgeUrl"),
        arguments(
            "remoteUrl null",
            GOOD.replace('"' + REMOTE + '"', "null"),
            "the field remoteUrl is not a text"),
        arguments(
            "tedgeUrl no text",
            GOOD.replace('"' + PROXY + '"', "1"),
            "the field tedgeUrl is not a text"),
        arguments("sha256 no text", with("\"sha256\":7"), "the field sha256 is not a text"),
        arguments("sha256 null", with("\"sha256\":null"), "the field sha256 is not a text"),
        arguments(
            "sha256 short", with("\"sha256\":\"ab\""), "the sha256 is not 64 hexadecimal digits"),
        arguments("name twice", with("\"name\":\"b\""), "the field name is there twice"),
        arguments("unknown twice", with("\"a\":1", "\"a\":2"), "the field a is there twice"),
        arguments(
            "control character",
            GOOD.replace("1.0", "1\\u0007"),
            "the version has control characters"),
        arguments(
            "long name",
            GOOD.replace("myFirmware", "x".repeat(257)),
            "the name has 257, more than 256 characters"),
        arguments(
            "long url",
            with("\"url\":\"" + "x".repeat(4097) + "\""),
            "the url has 4097, more than 4096"),
        arguments("cut off", GOOD.substring(0, 60), "it is not one whole JSON object"),
        arguments("no JSON", "start", "it is not one whole JSON object"),
        arguments("array", "[]", "it is not one whole JSON object"),
        arguments("too large", with("\"x\":\"" + "x".repeat(64 * 1024) + "\""), "more than 65536"),
        arguments("nothing", "", "it is not one whole JSON object"));
  }

  /** The mapper ends an operation by itself where a state lacks a field; so ours never do. */
  @ParameterizedTest(name = "{0}")
  @MethodSource
  void invalid(String name, String document, String problem) {
    Command command = read(document);
    Failure why = command.problem().orElseThrow();
    assertThat(why.reason()).startsWith("request-invalid: ").contains(problem);
    assertTaken(command.document(failed(why.reason())));
  }

  /** As the mapper reads each state. */
  private static JsonObject assertTaken(byte[] document) {
    JsonObject told = JsonParser.parseString(new String(document, UTF_8)).getAsJsonObject();
    for (String field : new String[] {"status", "remoteUrl", "name", "version"}) {
      assertThat(told.getAsJsonPrimitive(field).isString()).as(field).isTrue();
    }
    for (String field : new String[] {"tedgeUrl", "logPath"}) {
      if (told.has(field) && !told.get(field).isJsonNull()) {
        assertThat(told.getAsJsonPrimitive(field).isString()).as(field).isTrue();
      }
    }
    if (told.has("reason")) {
      assertThat(told.getAsJsonPrimitive("reason").isString()).isTrue();
      String reason = told.get("reason").getAsString();
      assertThat(reason.getBytes(UTF_8)).hasSizeLessThanOrEqualTo(500);
      assertThat(reason).doesNotContain("\n", "\r", "\u2028");
    }
    return told;
  }

  /** Also what other programs would write otherwise: long numbers, nulls, an order of their own. */
  @Test
  void unknownFieldsStayAsTheyAre() {
    String rest =
        "\"@version\":\"x\",\"big\":12345678901234567890,\"huge\":1e400,\"exact\":1.10,\"zero\":-0,"
            + "\"none\":null,\"c8y-mapper\":{\"b\":[1,{\"z\":true}],\"a\":\"<ü🚀'=&>\"},\"logPath\":null";
    assertThat(told(read("{" + rest + "," + GOOD.substring(1)), CommandState.EXECUTING))
        .isEqualTo("{" + rest + "," + GOOD.substring(1).replace("init", "executing"));
  }

  @Test
  void aReasonIsSaidOfAFailureOnly() {
    Command failedBefore = read(with("\"reason\":\"earlier\"", "\"x\":1"));
    assertThat(failedBefore.reason()).contains("earlier");
    assertThat(told(failedBefore, failed("now")))
        .isEqualTo(with("\"reason\":\"now\"", "\"x\":1").replace("init", "failed"));
    Outcome untouched = new Outcome(Optional.empty(), Optional.of("not flashed"));
    assertThat(told(failedBefore, CommandState.of(untouched)))
        .isEqualTo(with("\"x\":1").replace("init", "successful"));
    assertThat(told(failedBefore, failed(" \n"))).doesNotContain("reason");
  }

  @Test
  void anOutcomesReasonIsTold() {
    Failure why = new Failure(FailureCode.DIGEST_MISMATCH, "It is \"another\" image.");
    CommandState state = CommandState.of(new Outcome(Optional.of(why), Optional.empty()));
    assertThat(assertTaken(read(GOOD).document(state)).get("reason").getAsString())
        .isEqualTo("digest-mismatch: It is \"another\" image.");
  }

  /** Byte 500 must not lie inside a character: the mapper cuts there without looking. */
  @ParameterizedTest
  @ValueSource(strings = {"x", "ü", "€", "🚀", "e\u0301", "\ud83d"})
  void aReasonHasAtMost500BytesWhateverStandsAtItsEnd(String last) {
    for (int length = 490; length <= 505; length++) {
      String reason = "x".repeat(length) + last + "tail".repeat(length % 3);
      String told = assertTaken(read(GOOD).document(failed(reason))).get("reason").getAsString();
      assertThat(told).matches("x{490,500}(" + last.replace("\ud83d", "\\?") + ")?t?a?.*…?");
      assertThat(told).doesNotContain("e…").doesNotContain("\ufffd");
    }
  }

  @Test
  void aReasonIsOneLine() {
    assertThat(failed("a\r\nb\tc\u2028d\n").reason()).contains("a b c d");
  }

  @Test
  void whateverArrivesIsAnsweredSoThatTheMapperTakesIt() {
    Random random = new Random(15);
    for (int round = 0; round < 20_000; round++) {
      byte[] arrived = with("\"sha256\":\"" + "ab".repeat(32) + "\"").getBytes(UTF_8);
      for (int change = random.nextInt(4); change >= 0; change--) {
        arrived[random.nextInt(arrived.length)] = (byte) (32 + random.nextInt(224));
      }
      Command command = Command.read(arrived);
      assertThat(command.problem().isPresent() || command.url().isPresent()).isTrue();
      JsonObject told = assertTaken(command.document(failed(text(random))));
      assertThat(told.get("status").getAsString()).isEqualTo("failed");
    }
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(600), 1, 0x10ffff)
        .filter(character -> random.nextBoolean() || character < 0x80)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** What is kept and read again is told in the same way. */
  @Test
  void aKeptDocumentIsTheSameCommand() {
    Command command = read(with("\"huge\":1e400"));
    assertThat(told(Command.of(command.fields()), failed("x")))
        .isEqualTo(told(command, failed("x")));
  }
}
