package io.github.childconnector.thinedge.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@NullMarked
class CommandTopicsTest {
  private static final ChildId PLC = new ChildId("gw7:device:plc 1");
  private static final ChildId PUMP = new ChildId("pump");

  private final CommandTopics topics =
      new CommandTopics("te", Map.of(PLC, PLC.value(), PUMP, "cellar"));

  @Test
  void filtersNameTheChildren() {
    assertThat(topics.commands(List.of(PLC, PUMP)))
        .containsExactlyInAnyOrder(
            "te/device/gw7:device:plc 1///cmd/firmware_update/+",
            "te/device/cellar///cmd/firmware_update/+")
        .allMatch(CommandTopics::isFilter);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "te/device/cellar///cmd/firmware_update/c8y-mapper-4711",
        "te/device/+///cmd/firmware_update/+",
        "te/device/cellar///cmd/software_update/+",
        "tedge/cellar/commands/req/firmware_update",
        "#"
      })
  void nothingElseIsAFilter(String text) {
    assertThat(CommandTopics.isFilter(text)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"c8y-mapper-4711", "sub:device_profile:c8y-mapper-9100", "my update"})
  void aCommandIsFoundByItsTopic(String id) {
    CommandName name = new CommandName(PUMP, id);
    assertThat(topics.command(name)).isEqualTo("te/device/cellar///cmd/firmware_update/" + id);
    assertThat(topics.find(topics.command(name))).contains(name);
  }

  @Test
  void onlyAnIdOfOperationsIsOne() {
    assertThat(new CommandName(PUMP, "c8y-mapper-4711").key())
        .contains(new OperationKey(PUMP, "v1:c8y-mapper-4711"));
    assertThat(new CommandName(PUMP, "my update").key()).isEmpty();
    assertThat(new CommandName(PUMP, "..").key()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "te/device/pump///cmd/firmware_update/1",
        "te/device/stranger///cmd/firmware_update/1",
        "te/device/cellar///cmd/firmware_update",
        "te/device/cellar///cmd/firmware_update/",
        "te/device/cellar///cmd/firmware_update/1/2",
        "te/device/cellar///cmd/software_update/1",
        "te/device/cellar/service/x/cmd/firmware_update/1",
        "te/device////cmd/firmware_update/1",
        "other/device/cellar///cmd/firmware_update/1",
        "teXdevice/cellar///cmd/firmware_update/1"
      })
  void otherTopicsAreNobodysCommands(String topic) {
    assertThat(topics.find(topic)).isEmpty();
  }

  @Test
  void theRootIsThinEdges() {
    CommandTopics below = new CommandTopics("site.a/te", Map.of(PUMP, "pump"));
    CommandName name = new CommandName(PUMP, "1");
    assertThat(below.command(name)).isEqualTo("site.a/te/device/pump///cmd/firmware_update/1");
    assertThat(below.find(below.command(name))).contains(name);
    assertThat(below.find("siteXa/te/device/pump///cmd/firmware_update/1")).isEmpty();
    assertThat(below.commands(List.of(PUMP))).allMatch(CommandTopics::isFilter);
  }

  @Test
  void theOtherTopicsLieBesideTheCommands() {
    assertThat(topics.entity(PUMP)).isEqualTo("te/device/cellar//");
    assertThat(topics.capability(PUMP)).isEqualTo("te/device/cellar///cmd/firmware_update");
    assertThat(topics.firmware(PUMP)).isEqualTo("te/device/cellar///twin/firmware");
    assertThat(topics.event(PUMP, "flashed")).isEqualTo("te/device/cellar///e/flashed");
    assertThat(topics.alarm(PUMP, "failed")).isEqualTo("te/device/cellar///a/failed");
    assertThat(topics.service()).isEqualTo("te/device/main/service/tedge-child-connector");
    assertThat(topics.health()).isEqualTo(topics.service() + "/status/health");
    assertThat(topics.healthCheck()).isEqualTo(topics.service() + "/cmd/health/check");
  }

  /** Or the end of its last update would be told to nobody. */
  @Test
  void aChildThatIsGoneKeepsItsTopicAndGetsNoMoreCommands() {
    CommandName name = new CommandName(PUMP, "1");
    String topic = topics.command(name);
    topics.change(Map.of(PLC, "cellar"));
    assertThat(topics.command(name)).isEqualTo(topic);
    assertThat(topics.find(topic)).contains(new CommandName(PLC, "1"));
    topics.change(Map.of());
    assertThat(topics.find(topic)).isEmpty();
  }
}
