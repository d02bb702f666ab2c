package io.github.childconnector.thinedge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class LegacyTopicsTest {
  private static final ChildId PLC = new ChildId("plc");
  private static final ChildId PUMP = new ChildId("pump");
  private final LegacyTopics topics =
      new LegacyTopics(Map.of(PLC, new ChildId("gw:device:plc"), PUMP, PUMP));

  private static String request(String name) {
    return "tedge/" + name + "/commands/req/firmware_update";
  }

  @Test
  void topicsNameTheExternalId() {
    assertThat(topics.requests(List.of(PLC, PUMP)))
        .containsExactlyInAnyOrder(request("gw:device:plc"), request("pump"));
    assertThat(topics.response(new OperationKey(PLC, "op")))
        .isEqualTo("tedge/gw:device:plc/commands/res/firmware_update");
    assertThat(topics.child(request("gw:device:plc"))).contains(PLC);
    assertThat(topics.child(request("pump"))).contains(PUMP);
  }

  @Test
  void aStrangerKeepsItsName() {
    assertThat(topics.child(request("gone"))).contains(new ChildId("gone"));
  }

  /** A subscription from before the child had an external id goes on in the broker's session. */
  @Test
  void aTopicWithTheIdOfAChildThatHasAnotherExternalIdIsNotThatChilds() {
    assertThat(topics.child(request("plc"))).isEmpty();
  }

  @Test
  void otherTopicsAreNobodys() {
    assertThat(topics.child("tedge/plc/commands/res/firmware_update")).isEmpty();
    assertThat(topics.child(request("a/b"))).isEmpty();
    assertThat(topics.child(request(""))).isEmpty();
  }
}
