package io.github.childconnector.adapter.sming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.sming.VersionRules.Release;
import io.github.childconnector.adapter.sming.VersionRules.SemanticVersion;
import io.github.childconnector.adapter.sming.VersionRules.WirePatch;
import io.github.childconnector.operation.UpdateException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What would be published, or why nothing is. */
class VersionRulesTest {
  private static final Optional<SemanticVersion> UNKNOWN = Optional.empty();

  private static VersionRules rules(WirePatch patch, boolean lineChange) {
    return new VersionRules("test", "", Optional.of("4.3"), patch, lineChange);
  }

  private static final VersionRules SAME = rules(WirePatch.SAME, false);
  private static final VersionRules LESS = rules(WirePatch.ONE_LESS, false);

  private static Optional<SemanticVersion> running(String version) {
    return SemanticVersion.parse(version);
  }

  @Test
  void theVersionMakesTopicAndPatch() throws Exception {
    assertThat(SAME.release("4.3.6", UNKNOWN)).isEqualTo(new Release("a/test/u/4.3", 6));
    assertThat(SAME.release("4.3.127", UNKNOWN).wirePatch()).isEqualTo(127);
    assertThat(LESS.release("4.3.6", UNKNOWN).wirePatch()).isEqualTo(5);
  }

  @Test
  void theChannelStandsBehindTheTopic() {
    for (String channel : List.of("s", "u")) {
      VersionRules rules =
          new VersionRules("test", channel, Optional.empty(), WirePatch.SAME, false);
      assertThat(rules.topic("4.3")).isEqualTo("a/test/u/4.3/" + channel);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "4",
        "4.3",
        "4.3.6.1",
        "v4.3.6",
        "4.3.6-rc1",
        "4.3.06",
        "4.3.-6",
        "4.3.9999999999"
      })
  void otherFormsAreRefused(String version) {
    assertRefused(SAME, version, UNKNOWN, "is not of the form major.minor.patch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.3.128", "4.3.300", "4.3.1700000"})
  void aPatchThatDevicesMisreadIsRefused(String version) {
    assertRefused(SAME, version, UNKNOWN, "adds the 7-bit groups");
    assertRefused(rules(WirePatch.SAME, true), version, UNKNOWN, "above 127");
  }

  @Test
  void anotherMinorVersionIsRefusedUnlessItIsAllowed() throws Exception {
    assertRefused(SAME, "4.4.0", UNKNOWN, "The device listens for a/test/u/4.3, and 4.4.0");
    assertThat(rules(WirePatch.SAME, true).release("4.4.0", running("4.3.9")))
        .isEqualTo(new Release("a/test/u/4.3", 127));
  }

  @Test
  void whatTheDeviceWouldSkipIsRefused() throws Exception {
    assertRefused(SAME, "4.3.6", running("4.3.7"), "The device runs 4.3.7 and skips 4.3.6");
    assertRefused(LESS, "4.3.7", running("4.3.7"), "sent as patch 6");
    assertThat(SAME.release("4.3.7", running("4.3.7")).wirePatch()).isEqualTo(7);
    assertThat(LESS.release("4.3.8", running("4.3.7")).wirePatch()).isEqualTo(7);
  }

  @Test
  void nothingIsLessThanPatchZero() {
    assertRefused(LESS, "4.3.0", UNKNOWN, "Begin each minor version with patch 1");
  }

  @Test
  void theRunningVersionTellsTheTopicWhereTheSettingsDoNot() throws Exception {
    VersionRules open = new VersionRules("test", "", Optional.empty(), WirePatch.SAME, false);

    assertThat(open.release("4.3.6", running("4.3.5")).topic()).isEqualTo("a/test/u/4.3");
    assertRefused(open, "4.3.6", running("4.2.5"), "listens for a/test/u/4.2");
    assertRefused(open, "4.3.6", UNKNOWN, "Set listens_to");
  }

  private static void assertRefused(
      VersionRules rules, String version, Optional<SemanticVersion> running, String why) {
    assertThatThrownBy(() -> rules.release(version, running))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining(why);
  }
}
