package io.github.childconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** By which clock a connection is looked after. */
@IntegrationTest
class PingsTest {
  private static final Map<Integer, String> GRANTING =
      Map.of(
          ScriptedBroker.CONNECT,
          ScriptedBroker.ACCEPTED,
          ScriptedBroker.SUBSCRIBE,
          "90 04 id 00 01");

  private static Stream<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
  }

  /** {@link java.util.Timer}, which the library brings, waits for hours when it is set back. */
  @Test
  void noTimerByTheClockOfTheDayLooksAfterAConnection() throws Exception {
    RecordingListener listener = RecordingListener.acknowledging();
    try (ScriptedBroker broker = ScriptedBroker.answering(GRANTING);
        FastLinks links = new FastLinks()) {
      links.to(broker.settings("pings")).start(Set.of("a/b"), listener);
      listener.awaitUps(1);

      assertThat(threads()).contains("timers").noneMatch(name -> name.contains("MQTT Ping"));
    }
    await().untilAsserted(() -> assertThat(threads()).doesNotContain("mqtt-pings"));
  }
}
