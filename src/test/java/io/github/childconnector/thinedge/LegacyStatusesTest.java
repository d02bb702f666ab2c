package io.github.childconnector.thinedge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.update.Requester.Pacing;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The pace at which thin-edge's firmware plugin can be told of a child's operations. */
class LegacyStatusesTest {
  private static MqttLink unused() {
    return (MqttLink)
        Proxy.newProxyInstance(
            MqttLink.class.getClassLoader(),
            new Class<?>[] {MqttLink.class},
            (proxy, method, arguments) -> {
              throw new AssertionError(method.getName());
            });
  }

  @Test
  void theNextOperationIsSpokenOfAfterThePluginsSecondWordOrAQuarterOfItsTimeout() {
    LegacyStatuses statuses =
        new LegacyStatuses(new LegacyTopics(Map.of()), unused(), Duration.ofHours(1));
    assertThat(statuses.pacing())
        .isEqualTo(new Pacing(Duration.ofMillis(1500), Duration.ofMinutes(15)));
  }
}
