package io.github.childconnector.thinedge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.thinedge.LegacyRequests.LegacyRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LegacyRequestTest {
  private static final ChildId CHILD = new ChildId("plc-1");
  private static final String DIGEST =
      "c036cbb7553a909f8b8877d4461924307f27ecb66cff928eeeafd569c3887e29";
  private static final String GOOD =
      """
      {"id":"tLrLthPXksKbqRqIsrDmy","attempt":1,"name":"OpenWRT","version":"22.03","sha256":"%s","url":"http://127.0.0.1:8000/te/v1/files/c/firmware_update/9"}
      """
          .formatted(DIGEST)
          .strip();

  private static LegacyRequest read(String payload) {
    return new LegacyRequest(CHILD, payload.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theContractsOwnExampleIsValid() {
    OperationKey key = new OperationKey(CHILD, "tLrLthPXksKbqRqIsrDmy");
    assertThat(read(GOOD).problem()).isEmpty();
    assertThat(read(GOOD).key()).contains(key);
    assertThat(read(GOOD).update())
        .isEqualTo(
            new FirmwareUpdate(
                key,
                new Firmware("OpenWRT", "22.03"),
                new Sha256(DIGEST),
                "http://127.0.0.1:8000/te/v1/files/c/firmware_update/9"));
  }

  static Stream<Arguments> accepted() {
    return Stream.of(
        arguments("unknown field", GOOD.replace("{\"id\"", "{\"x\":{\"y\":[1,null]},\"id\"")),
        arguments("attempt is a text", GOOD.replace(":1,", ":\"1\",")),
        arguments("attempt is large", GOOD.replace(":1,", ":99999999999999999999,")),
        arguments("no attempt", GOOD.replace("\"attempt\":1,", "")),
        arguments("longest name", GOOD.replace("OpenWRT", "🚀".repeat(256))),
        arguments("longest version", GOOD.replace("22.03", "2".repeat(256))),
        arguments("longest url", withUrl(4096)),
        arguments("forced", GOOD.replace("\"attempt\":1", "\"force\":true")),
        arguments("force is a text", GOOD.replace("\"attempt\":1", "\"force\":\"x\"")),
        arguments("empty name", GOOD.replace("OpenWRT", "")),
        arguments("empty version", GOOD.replace("22.03", "")),
        arguments("name of any writing", GOOD.replace("OpenWRT", "Ωμέγα 固件 🚀")),
        arguments(
            "digest in capitals", GOOD.replace(DIGEST, DIGEST.toUpperCase(java.util.Locale.ROOT))),
        arguments("byte order mark", "\uFEFF" + GOOD),
        arguments("white space", " \n\t" + GOOD.replace(",", " ,\n") + "\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void accepted(String name, String payload) {
    assertThat(read(payload).problem()).isEmpty();
    assertThat(read(payload).update().key().child()).isEqualTo(CHILD);
  }

  /** A request whose url has this number of bytes. */
  private static String withUrl(int bytes) {
    String url = "http://127.0.0.1:8000/";
    return GOOD.replaceFirst("http://[^\"]+", url + "x".repeat(bytes - url.length()));
  }

  @Test
  void onlyWhatSaysSoIsForced() {
    assertThat(read(GOOD).update().isForced()).isFalse();
    assertThat(read(GOOD.replace("\"attempt\":1", "\"force\":true")).update().isForced()).isTrue();
    assertThat(read(GOOD.replace("\"attempt\":1", "\"force\":\"true\"")).update().isForced())
        .isFalse();
  }

  static Stream<Arguments> answered() {
    return Stream.of(
        arguments(
            "name too long",
            GOOD.replace("OpenWRT", "x".repeat(257)),
            "the name has 257, more than 256 characters; give it a shorter one"),
        arguments(
            "version too long",
            GOOD.replace("22.03", "2".repeat(257)),
            "the version has 257, more than 256 characters; give it a shorter one"),
        arguments(
            "url too long",
            withUrl(4097),
            "the url has 4097, more than 4096 bytes; give it a shorter one"),
        arguments("url missing", GOOD.replace("\"url\"", "\"uri\""), "the field url is missing"),
        arguments("sha256 missing", GOOD.replace("sha256", "md5"), "the field sha256 is missing"),
        arguments(
            "sha256 null",
            GOOD.replace('"' + DIGEST + '"', "null"),
            "the field sha256 is not a text"),
        arguments(
            "sha256 short", GOOD.replace(DIGEST, "abc"), "the sha256 is not 64 hexadecimal digits"),
        arguments(
            "sha256 not hex",
            GOOD.replace(DIGEST, "z".repeat(64)),
            "the sha256 is not 64 hexadecimal digits"),
        arguments(
            "version is a number",
            GOOD.replace("\"22.03\"", "22.03"),
            "the field version is not a text"),
        arguments(
            "name is an object", GOOD.replace("\"OpenWRT\"", "{}"), "the field name is not a text"),
        arguments(
            "wrong type before the id",
            "{\"url\":1,\"id\":\"tLrLthPXksKbqRqIsrDmy\"}",
            "the field url is not a text"),
        arguments(
            "duplicate url",
            GOOD.replace("}", ",\"url\":\"http://x/\"}"),
            "the field url is there twice"),
        arguments(
            "duplicate unknown",
            GOOD.replace("}", ",\"a\":1,\"a\":2}"),
            "the field a is there twice"),
        arguments("control character", GOOD.replace("OpenWRT", "a\\u0000b"), "control characters"),
        arguments("newline in url", GOOD.replace("http://", "http://\\n"), "control characters"),
        arguments("cut off", GOOD.substring(0, 60), "it is not one whole JSON object"),
        arguments("malformed", GOOD.replace(":1,", ":1;"), "it is not one whole JSON object"),
        arguments("comment", GOOD.replace(":1,", ":1,/* */"), "it is not one whole JSON object"),
        arguments(
            "unquoted name", GOOD.replace("\"name\"", "name"), "it is not one whole JSON object"),
        arguments("something behind", GOOD + "{}", "it is not one whole JSON object"),
        arguments(
            "deep nesting behind the id",
            GOOD.replace(":1,", ":" + "[".repeat(20_000) + ","),
            "it is not one whole JSON object"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void answered(String name, String payload, String problem) {
    LegacyRequest refused = read(payload);
    assertThat(refused.key().map(OperationKey::id)).contains("tLrLthPXksKbqRqIsrDmy");
    assertThat(refused.problem().orElseThrow().reason())
        .startsWith("request-invalid: ")
        .contains(problem);
  }

  static Stream<Arguments> dropped() {
    return Stream.of(
        arguments("empty object", "{}", "the field id is missing"),
        arguments("nothing", "", "it is not one whole JSON object"),
        arguments("white space", "   ", "it is not one whole JSON object"),
        arguments("not JSON", "update now", "it is not one whole JSON object"),
        arguments("array", "[" + GOOD + "]", "it is not one whole JSON object"),
        arguments("text", "\"x\"", "it is not one whole JSON object"),
        arguments("number", "7", "it is not one whole JSON object"),
        arguments("null", "null", "it is not one whole JSON object"),
        arguments(
            "id is a number",
            GOOD.replace("\"tLrLthPXksKbqRqIsrDmy\"", "5"),
            "the field id is not a text"),
        arguments(
            "duplicate id", GOOD.replace("}", ",\"id\":\"other\"}"), "the field id is there twice"),
        arguments(
            "id three times",
            GOOD.replace("}", ",\"id\":\"b\",\"id\":\"c\"}"),
            "the field id is there twice"),
        arguments("id with a slash", GOOD.replace("tLr", "a/b"), "the id is not 1 to 128"),
        arguments("id with ..", GOOD.replace("tLr", ".."), "the id is not 1 to 128"),
        arguments("id with NUL", GOOD.replace("tLr", "a\\u0000"), "the id is not 1 to 128"),
        arguments("id with newline", GOOD.replace("tLr", "a\\n"), "the id is not 1 to 128"),
        arguments(
            "id of 10,000", GOOD.replace("tLr", "a".repeat(10_000)), "the id is not 1 to 128"),
        arguments("empty id", GOOD.replace("tLrLthPXksKbqRqIsrDmy", ""), "the id is not 1 to 128"),
        arguments("1 MiB of nesting", "[".repeat(1 << 20), "more than 65536"),
        arguments(
            "60 KiB of nesting",
            "{\"a\":" + "[".repeat(60_000),
            "it is not one whole JSON object"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void dropped(String name, String payload, String problem) {
    LegacyRequest refused = read(payload);
    assertThat(refused.key()).isEqualTo(Optional.empty());
    assertThat(refused.problem().orElseThrow().sentence()).contains(problem);
  }

  @Test
  void bytesThatAreNotUtf8AreDropped() {
    byte[] payload = GOOD.getBytes(StandardCharsets.ISO_8859_1);
    payload[GOOD.indexOf("OpenWRT")] = (byte) 0xff;
    LegacyRequest refused = new LegacyRequest(CHILD, payload);
    assertThat(refused.key()).isEmpty();
    assertThat(refused.problem().orElseThrow().sentence()).contains("not UTF-8");
  }

  @Test
  void noBytesMakeItFail() {
    Random random = new Random(20261120);
    for (int round = 0; round < 20_000; round++) {
      byte[] payload = GOOD.getBytes(StandardCharsets.UTF_8);
      for (int change = random.nextInt(4); change >= 0; change--) {
        payload[random.nextInt(payload.length)] = (byte) random.nextInt(256);
      }
      LegacyRequest read = new LegacyRequest(CHILD, payload);
      assertThat(read.problem().isPresent() || read.update().key().child().equals(CHILD)).isTrue();
    }
  }
}
