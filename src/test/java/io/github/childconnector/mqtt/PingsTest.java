package io.github.childconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.mqtt.PahoLink.LinkTimings;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;

/** By which clock a connection is looked after, and until when. */
class PingsTest {
  private static final Duration KEEP_ALIVE = LinkTimings.usual().keepAlive();
  private static final Map<Integer, String> GRANTING =
      Map.of(
          ScriptedBroker.CONNECT,
          ScriptedBroker.ACCEPTED,
          ScriptedBroker.SUBSCRIBE,
          "90 04 id 00 01");

  private final FakeClock clock = FakeClock.standing();

  private static Stream<String> threads() {
    return Thread.getAllStackTraces().keySet().stream().map(Thread::getName);
  }

  /** {@link java.util.Timer}, which the library brings, waits for hours when it is set back. */
  @Test
  @IntegrationTest
  void aConnectionIsLookedAfterByOneTimerOfTheMonotonicClockUntilItIsClosed() throws Exception {
    RecordingListener listener = RecordingListener.acknowledging();
    try (ScriptedBroker broker = ScriptedBroker.answering(GRANTING);
        FastLinks links = new FastLinks()) {
      links.to(broker.settings("pings"), clock, LinkTimings.usual()).start(Set.of("a/b"), listener);
      listener.awaitUps(1);
      assertThat(clock.awaits(KEEP_ALIVE)).isTrue();
      assertThat(clock.timers()).isEqualTo(1);

      clock.advance(KEEP_ALIVE);
      clock.awaitTimers(1);
      assertThat(clock.timers()).isEqualTo(1);
      assertThat(threads()).contains("mqtt-pings").noneMatch(name -> name.contains("MQTT Ping"));
    }
    assertThat(clock.timers()).isZero();
    await().untilAsserted(() -> assertThat(threads()).doesNotContain("mqtt-pings"));
  }

  @Test
  @IntegrationTest
  void theBrokersOwnKeepAliveIsObeyed() throws Exception {
    RecordingListener listener = RecordingListener.acknowledging();
    String seventeenSeconds = "20 06 00 00 03 13 00 11";
    try (ScriptedBroker broker = ScriptedBroker.answering(GRANTING);
        FastLinks links = new FastLinks()) {
      broker.answer(ScriptedBroker.CONNECT, seventeenSeconds);
      links.to(broker.settings("pings"), clock, LinkTimings.usual()).start(Set.of("a/b"), listener);
      listener.awaitUps(1);
      await().until(() -> clock.awaits(Duration.ofSeconds(17)));
      assertThat(clock.timers()).isEqualTo(1);
    }
  }

  @Test
  void whatTheLibraryWishesAfterTheEndIsNotScheduled() throws Exception {
    Pings pings = new Pings(clock);
    MqttAsyncClient client =
        new MqttAsyncClient("tcp://127.0.0.1:1", "pings", new MemoryPersistence(), pings, null);
    pings.schedule(KEEP_ALIVE.toMillis());
    pings.schedule(1);
    assertThat(clock.timers()).isEqualTo(1);

    pings.stop();
    assertThat(clock.timers()).isZero();
    pings.schedule(1);
    pings.start();
    assertThat(clock.timers()).isZero();
    client.close();
  }
}
