package io.github.childconnector.thinedge.v1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.thinedge.v1.Comparison.Difference;
import io.github.childconnector.thinedge.v1.Registration.Description;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class RegistrationTest {
  private static final ChildId PLC = new ChildId("plc-1");
  private static final CommandTopics TOPICS = new CommandTopics("te", Map.of(PLC, "plc-1"));
  private static final Registration BARE =
      Registration.child(
          TOPICS,
          PLC,
          new Description(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
  private static final Registration WHOLE =
      Registration.child(
          TOPICS,
          PLC,
          new Description(
              Optional.of("gw7:device:plc-1"),
              Optional.of("device/main//"),
              Optional.of("PLC \"1\""),
              Optional.of("S7")));

  private static String text(byte[] document) {
    return new String(document, UTF_8);
  }

  private static Comparison compare(Registration registration, String held) {
    return registration.compare(held.getBytes(UTF_8));
  }

  @Test
  void onlyWhatIsConfiguredIsSaidOfAChild() {
    assertThat(BARE.topic()).isEqualTo("te/device/plc-1//");
    assertThat(text(BARE.document())).isEqualTo("{\"@type\":\"child-device\"}");
    assertThat(text(WHOLE.document()))
        .isEqualTo(
            "{\"@type\":\"child-device\",\"@id\":\"gw7:device:plc-1\",\"@parent\":\"device/main//\","
                + "\"name\":\"PLC \\\"1\\\"\",\"type\":\"S7\"}");
  }

  @Test
  void ourServiceBelongsToTheMainDevice() {
    assertThat(Registration.service(TOPICS).topic())
        .isEqualTo("te/device/main/service/tedge-child-connector");
    assertThat(text(Registration.service(TOPICS).document()))
        .isEqualTo(
            "{\"@type\":\"service\",\"@parent\":\"device/main//\",\"name\":\"tedge-child-connector\","
                + "\"type\":\"service\"}");
    assertThat(text(Registration.capability())).isEqualTo("{}");
  }

  @Test
  void healthIsUpOrDown() {
    assertThat(text(Health.up(123, Instant.parse("2024-05-02T18:59:21.360Z"))))
        .isEqualTo("{\"status\":\"up\",\"pid\":123,\"time\":1714676361}");
    assertThat(text(Health.down(123))).isEqualTo("{\"status\":\"down\",\"pid\":123}");
  }

  @Test
  void nothingIsHeldYet() {
    Comparison missing = compare(WHOLE, "");
    assertThat(missing.isMissing()).isTrue();
    assertThat(missing.isSame()).isFalse();
    assertThat(missing.sentence()).isEqualTo("te/device/plc-1// is not registered");
  }

  /** What thin-edge adds, or was told by others, is none of ours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"@type\":\"child-device\"}",
        "{\"@id\":\"gw7:device:plc-1\",\"@parent\":\"device/plc-0//\",\"@type\":\"child-device\","
            + "\"name\":\"plc-1\",\"@health\":\"x\",\"hw\":{\"a\":1}}"
      })
  void fieldsThatAreNotConfiguredMakeNoDifference(String held) {
    assertThat(compare(BARE, held).isSame()).isTrue();
    assertThat(compare(BARE, held).sentence())
        .isEqualTo("te/device/plc-1// is registered as it is configured");
  }

  @Test
  void theMainDeviceIsTheParentWhereNoneIsNamed() {
    assertThat(compare(WHOLE, text(WHOLE.document())).isSame()).isTrue();
    String without = text(WHOLE.document()).replace("\"@parent\":\"device/main//\",", "");
    assertThat(compare(WHOLE, without).isSame()).isTrue();
    String other = text(WHOLE.document()).replace("main", "plc-0");
    assertThat(compare(WHOLE, other).differences())
        .containsExactly(new Difference("@parent", "device/main//", Optional.of("device/plc-0//")));
  }

  /** An id that is published later makes a second device in the cloud. */
  @Test
  void anotherIdSaysWhichOneToConfigure() {
    Comparison other = compare(WHOLE, text(WHOLE.document()).replace("gw7:", "old:"));
    assertThat(other.isSame()).isFalse();
    assertThat(other.isMissing()).isFalse();
    assertThat(other.sentence())
        .contains("@id is \"old:device:plc-1\", not \"gw7:device:plc-1\"")
        .contains("set external_id = \"old:device:plc-1\"");
    Comparison none =
        compare(WHOLE, text(WHOLE.document()).replace("\"@id\":\"gw7:device:plc-1\",", ""));
    assertThat(none.sentence()).contains("@id is not there", "take external_id away");
  }

  @Test
  void everyOtherFieldIsNamed() {
    Comparison other = compare(WHOLE, text(WHOLE.document()).replace("S7", "S5"));
    assertThat(other.differences())
        .isEqualTo(List.of(new Difference("type", "S7", Optional.of("S5"))));
    assertThat(other.sentence()).contains("type is \"S5\", not \"S7\"; leave it so, or clear");
    assertThat(compare(WHOLE, text(WHOLE.document()).replace("\"S7\"", "7")).sentence())
        .contains("type is not there");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "[]", "7", "{", "{\"@type\":\"service\"}"})
  void somethingElseIsHeld(String held) {
    Comparison other = compare(BARE, held);
    assertThat(other.isSame()).isFalse();
    assertThat(other.isMissing()).isFalse();
    assertThat(other.sentence()).contains("is registered otherwise: @type is ");
  }
}
