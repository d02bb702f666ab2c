package io.github.childconnector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
@IntegrationTest
class PahoLinkTest {
  private static final String TOPIC = "tedge/pump/commands/req/firmware_update";
  private static final Set<String> FILTERS = Set.of(TOPIC);

  private final Path directory;
  private final FastLinks links = new FastLinks();

  PahoLinkTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void closeLinks() {
    links.close();
  }

  private RecordingListener up(MqttSettings settings, RecordingListener listener) {
    links.to(settings).start(FILTERS, listener);
    listener.awaitUps(1);
    return listener;
  }

  @Test
  void bringsEveryMessageInOrderAndAcknowledgesIt() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port())) {
      MqttLink link = links.to(broker.settings("connector"));
      RecordingListener first = RecordingListener.acknowledging();
      link.start(FILTERS, first);
      first.awaitUps(1);
      List<String> sent = IntStream.range(0, 100).mapToObj(Integer::toString).toList();
      for (String text : sent) {
        other.publish(TOPIC, text);
      }
      assertThat(first.awaitTexts(100)).isEqualTo(sent);
      awaitAcknowledged(link);
      link.close();

      RecordingListener second = up(broker.settings("connector"), RecordingListener.holding());
      other.publish(TOPIC, "last");
      assertThat(second.awaitTexts(1)).containsExactly("last");
      assertThat(second.held().get(0).topic()).isEqualTo(TOPIC);
      assertThat(second.held().get(0).isRetained()).isFalse();
    }
  }

  @Test
  void comesUpWithoutSubscriptionsToo() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port()).record("status")) {
      MqttLink link = links.to(broker.settings("connector"));
      RecordingListener listener = RecordingListener.acknowledging();
      link.start(Set.of(), listener);
      listener.awaitUps(1);
      link.publish("status", "here".getBytes(UTF_8));
      assertThat(other.awaitTexts("status", 1)).containsExactly("here");
      assertThat(other.messages().get(0).retained()).isFalse();
      assertThat(other.messages().get(0).qos()).isEqualTo(1);
    }
  }

  @Test
  void aRetainedMessageIsKeptUntilAnEmptyOneRemovesIt() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory)) {
      MqttLink link = links.to(broker.settings("connector"));
      RecordingListener listener = RecordingListener.acknowledging();
      link.start(Set.of(), listener);
      listener.awaitUps(1);

      link.publishRetained("image", "first".getBytes(UTF_8));
      link.publishRetained("image", "second".getBytes(UTF_8));
      assertThat(retained(broker)).containsExactly("second");
      link.publish("image", "not retained".getBytes(UTF_8));
      assertThat(retained(broker)).containsExactly("second");
      link.publishRetained("image", new byte[0]);
      assertThat(retained(broker)).isEmpty();
    }
  }

  private static List<String> retained(Mosquitto broker) throws IOException {
    try (RecordingClient late =
        RecordingClient.connect(broker.port()).record("image").record("end")) {
      late.publish("end", "of what is retained");
      late.awaitTexts("end", 1);
      return late.texts("image");
    }
  }

  @Test
  void largeMessagesAreSentWhereTheSettingsAllowThem() throws Exception {
    byte[] large = "x".repeat(3 << 20).getBytes(UTF_8);
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port()).record("image")) {
      MqttLink link = links.to(broker.settings("connector").withLargestMessage(4 << 20));
      RecordingListener listener = RecordingListener.acknowledging();
      link.start(Set.of(), listener);
      listener.awaitUps(1);
      link.publish("image", large);
      assertThat(other.awaitTexts("image", 1).get(0)).hasSize(large.length);
      assertThatThrownBy(() -> link.publish("image", new byte[4 << 20]))
          .isInstanceOfSatisfying(
              PublishException.class, e -> assertThat(e.isPermanent()).isTrue());
    }
  }

  @Test
  void aMessageThatIsTooLargeIsRefusedAndDoesNotEndTheConnection() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port()).record("status")) {
      MqttLink link = links.to(broker.settings("connector"));
      RecordingListener listener = RecordingListener.acknowledging();
      link.start(Set.of(), listener);
      listener.awaitUps(1);
      link.publish("status", "x".repeat(255 << 10).getBytes(UTF_8));
      assertThatThrownBy(() -> link.publish("status", new byte[256 << 10]))
          .isInstanceOfSatisfying(
              PublishException.class, e -> assertThat(e.isPermanent()).isTrue());
      link.publish("status", "last".getBytes(UTF_8));
      assertThat(other.awaitTexts("status", 2)).endsWith("last");
      assertThat(listener.downs()).isEmpty();
    }
  }

  @Test
  void tellsWhetherAnybodyGetsAMessage() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory)) {
      MqttLink link = links.to(broker.settings("connector"));
      RecordingListener listener = RecordingListener.acknowledging();
      link.start(Set.of(), listener);
      listener.awaitUps(1);
      assertThat(link.publish("image", "1".getBytes(UTF_8))).isFalse();
      try (RecordingClient other = RecordingClient.connect(broker.port()).record("image")) {
        assertThat(link.publish("image", "2".getBytes(UTF_8))).isTrue();
        assertThat(other.awaitTexts("image", 1)).containsExactly("2");
      }
    }
  }

  @Test
  void tellsWhetherAMessageWasRetained() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port())) {
      other.retain(TOPIC, "old");
      RecordingListener listener = up(broker.settings("connector"), RecordingListener.holding());
      listener.awaitTexts(1);
      assertThat(listener.held().get(0).isRetained()).isTrue();
    }
  }

  @Test
  void unacknowledgedIsDeliveredAgainAndAnOldAcknowledgementDoesNothing() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        CuttableProxy network = CuttableProxy.to(broker.port());
        RecordingClient other = RecordingClient.connect(broker.port())) {
      RecordingListener listener = RecordingListener.holding();
      MqttLink link = links.to(through(network, broker.settings("connector")));
      link.start(FILTERS, listener);
      listener.awaitUps(1);
      other.publish(TOPIC, "update");
      listener.awaitTexts(1);

      network.cut();
      listener.awaitTexts(2);
      listener.held().get(0).acknowledge();
      other.publish(TOPIC, "next");
      listener.awaitTexts(3);

      network.cut();
      assertThat(listener.awaitTexts(5))
          .containsExactly("update", "update", "next", "update", "next");
      listener.held().get(3).acknowledge();
      listener.held().get(3).acknowledge();
      other.publish(TOPIC, "third");
      listener.awaitTexts(6);
      listener.awaitUps(3);
      awaitAcknowledged(link);

      network.cut();
      assertThat(listener.awaitTexts(8).subList(6, 8)).containsExactly("next", "third");
    }
  }

  /** The broker answers what is sent after the acknowledgements after them. */
  private static void awaitAcknowledged(MqttLink link) throws Exception {
    link.publish("barrier", new byte[0]);
  }

  private static MqttSettings through(CuttableProxy network, MqttSettings settings) {
    return new MqttSettings(
        "127.0.0.1",
        network.port(),
        settings.clientId(),
        settings.login(),
        settings.tls(),
        settings.session());
  }

  @Test
  void whatWasQueuedForAnOldConnectionIsNotDelivered() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        CuttableProxy network = CuttableProxy.to(broker.port());
        RecordingClient other = RecordingClient.connect(broker.port())) {
      BlockingListener listener = new BlockingListener();
      MqttLink link = links.to(through(network, broker.settings("connector")));
      link.start(FILTERS, listener);
      listener.awaitUps(1);
      other.publish(TOPIC, "one");
      other.publish(TOPIC, "two");
      listener.awaitEntered();
      network.breakDown();
      // One message can wait here; with two calls, a loss was told, and that message is gone.
      await().until(() -> FastLinks.waiting(link) >= 2);
      other.publish(TOPIC, "three");
      network.restore();
      listener.release();
      listener.awaitTexts(4);
      assertThat(listener.texts()).containsExactly("one", "one", "two", "three");
    }
  }

  @Test
  void killedBrokerComesBackWithSubscriptionsAndQueuedMessages() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory)) {
      RecordingListener away = RecordingListener.acknowledging();
      MqttLink link = links.to(broker.settings("away"));
      link.start(FILTERS, away);
      away.awaitUps(1);
      link.close();
      RecordingListener there = up(broker.settings("there"), RecordingListener.acknowledging());
      try (RecordingClient other = RecordingClient.connect(broker.port())) {
        other.publish(TOPIC, "before-1");
        other.publish(TOPIC, "before-2");
      }
      there.awaitTexts(2);
      broker.awaitSaved("before-2");

      broker.kill();
      there.awaitDown("cannot connect");
      broker.restart();
      there.awaitUps(2);
      try (RecordingClient other = RecordingClient.connect(broker.port())) {
        other.publish(TOPIC, "after");
      }
      there.awaitText("after");
      RecordingListener back = up(broker.settings("away"), RecordingListener.acknowledging());
      assertThat(back.awaitTexts(3)).containsExactly("before-1", "before-2", "after");
    }
  }

  @Test
  void brokerThatForgotTheSessionIsSubscribedToAgain() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory)) {
      RecordingListener listener =
          up(broker.settings("connector"), RecordingListener.acknowledging());
      broker.stop();
      broker.forget();
      broker.restart();
      listener.awaitUps(2);
      try (RecordingClient other = RecordingClient.connect(broker.port())) {
        other.publish(TOPIC, "update");
      }
      assertThat(listener.awaitTexts(1)).containsExactly("update");
    }
  }

  @Test
  void withoutSessionNothingIsKept() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port())) {
      MqttSettings kept = broker.settings("visitor");
      MqttSettings settings =
          new MqttSettings(
              kept.host(), kept.port(), kept.clientId(), kept.login(), kept.tls(), false);
      MqttLink link = links.to(settings);
      RecordingListener first = RecordingListener.acknowledging();
      link.start(FILTERS, first);
      first.awaitUps(1);
      link.close();
      other.publish(TOPIC, "missed");
      RecordingListener second = up(settings, RecordingListener.acknowledging());
      other.publish(TOPIC, "seen");
      assertThat(second.awaitTexts(1)).containsExactly("seen");
    }
  }

  @Test
  void brokerThatIsDownAtTheStartIsToldOnceAndWaitedFor() throws Exception {
    try (Mosquitto broker = Mosquitto.stopped(directory)) {
      MqttLink link = links.to(broker.settings("connector"));
      RecordingListener listener = RecordingListener.acknowledging();
      link.start(FILTERS, listener);
      listener.awaitDown("cannot connect to the broker at 127.0.0.1:" + broker.port());
      PublishException refused =
          catchThrowableOfType(PublishException.class, () -> link.publish("status", new byte[0]));
      assertThat(refused).hasMessageContaining("no connection to the broker");
      assertThat(refused.isPermanent()).isFalse();
      broker.restart();
      listener.awaitUps(1);
      assertThat(listener.downs()).hasSize(1);
    }
  }

  @Test
  void manyPublishersKeepWithinWhatTheBrokerAllows() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory, "max_inflight_messages 3");
        RecordingClient other = RecordingClient.connect(broker.port()).record("out/#")) {
      MqttLink link = links.to(broker.settings("connector"));
      RecordingListener listener = RecordingListener.acknowledging();
      link.start(FILTERS, listener);
      listener.awaitUps(1);
      publishFromThreads(link, 6, 50);
      other.awaitUntil(all -> all.size() >= 300);
      for (int thread = 0; thread < 6; thread++) {
        String prefix = thread + ":";
        assertThat(other.messages().stream().map(RecordingClient.Message::text))
            .filteredOn(text -> text.startsWith(prefix))
            .isEqualTo(IntStream.range(0, 50).mapToObj(i -> prefix + "out/" + i).toList());
      }
      assertThat(other.messages()).allMatch(message -> message.text().endsWith(message.topic()));
      assertThat(listener.told()).containsExactly("up");
    }
  }

  private static void publishFromThreads(MqttLink link, int threads, int messages)
      throws Exception {
    ExecutorService publishers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        String prefix = thread + ":";
        ends.add(publishers.submit(() -> publishAll(link, prefix, messages)));
      }
      for (Future<?> end : ends) {
        end.get(90, TimeUnit.SECONDS);
      }
    } finally {
      publishers.shutdownNow();
    }
  }

  // All use the same topics at the same time, most of them for the first time.
  private static boolean publishAll(MqttLink link, String prefix, int messages) throws Exception {
    for (int i = 0; i < messages; i++) {
      String topic = "out/" + i;
      link.publish(topic, (prefix + topic).getBytes(UTF_8));
    }
    return true;
  }

  @Test
  void publishesFromInsideTheListener() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port()).record("answers")) {
      MqttLink link = links.to(broker.settings("connector"));
      CopyOnWriteArrayList<Exception> failures = new CopyOnWriteArrayList<>();
      RecordingListener up = RecordingListener.acknowledging();
      link.start(FILTERS, new AnsweringListener(link, up, failures));
      up.awaitUps(1);
      for (int i = 0; i < 30; i++) {
        other.publish(TOPIC, "question " + i);
      }
      assertThat(other.awaitTexts("answers", 30)).endsWith("answer to question 29");
      assertThat(failures).isEmpty();
    }
  }

  private record AnsweringListener(
      MqttLink link, RecordingListener recording, List<Exception> failures)
      implements MqttLink.Listener {
    @Override
    public void up() {
      recording.up();
    }

    @Override
    public void refused(String why) {
      recording.refused(why);
    }

    @Override
    public void down(String why) {
      recording.down(why);
    }

    @Override
    public void received(Delivery delivery) throws InterruptedException {
      try {
        link.publish(
            "answers", ("answer to " + new String(delivery.payload(), UTF_8)).getBytes(UTF_8));
        delivery.acknowledge();
      } catch (PublishException e) {
        failures.add(e);
      }
    }
  }

  @Test
  void aThrowingListenerLosesItsMessageAndNothingElse() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port())) {
      BlockingListener listener = new BlockingListener();
      listener.release();
      listener.throwAt("bad");
      MqttLink link = links.to(broker.settings("connector"));
      link.start(FILTERS, listener);
      listener.awaitUps(1);
      other.publish(TOPIC, "bad");
      other.publish(TOPIC, "good");
      assertThat(listener.awaitTexts(2)).containsExactly("bad", "good");
      awaitAcknowledged(link);
      link.close();
      RecordingListener later = up(broker.settings("connector"), RecordingListener.acknowledging());
      other.publish(TOPIC, "later");
      assertThat(later.awaitTexts(1)).doesNotContain("bad");
    }
  }

  @Test
  void isStartedOnce() throws IOException {
    MqttLink link = links.to(settingsOfNobody());
    link.start(FILTERS, RecordingListener.acknowledging());
    assertThatThrownBy(() -> link.start(FILTERS, RecordingListener.acknowledging()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void isClosedWithoutHavingBeenStarted() throws IOException {
    links.to(settingsOfNobody()).close();
  }

  private static MqttSettings settingsOfNobody() throws IOException {
    try (ScriptedBroker gone = ScriptedBroker.answering(Map.of())) {
      return gone.settings("connector");
    }
  }
}
