package io.github.childconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages that wait: for a listener that is held up, and in the broker's session for us. */
@NullMarked
@IntegrationTest
class PahoLinkBacklogTest {
  private static final Set<String> FILTERS = Set.of("a/b");

  private final Path directory;
  private final FastLinks links = new FastLinks();

  PahoLinkBacklogTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void closeLinks() {
    links.close();
  }

  private static MqttSettings at(int port) {
    return new MqttSettings("127.0.0.1", port, "backlog", Optional.empty(), Optional.empty(), true);
  }

  /** Nobody else has them any more. */
  @Test
  void whatWasNotTakenInYetIsNotLostWithTheBrokersSession() throws Exception {
    BlockingListener stuck = new BlockingListener();
    try (Mosquitto broker = Mosquitto.start(directory);
        CuttableProxy network = CuttableProxy.to(broker.port())) {
      PahoLink link = (PahoLink) links.to(at(network.port()));
      link.start(FILTERS, stuck);
      stuck.awaitUps(1);
      publish(broker, 5);
      stuck.awaitEntered();
      await().until(() -> link.waiting() == 4);
      broker.kill();
      broker.forget();
      broker.restart();
      stuck.release();
      stuck.awaitUps(2);
      publish(broker, 1);
      assertThat(stuck.awaitTexts(6))
          .containsExactly("text 0", "text 1", "text 2", "text 3", "text 4", "text 0");
    }
  }

  private static void publish(Mosquitto broker, int count) throws Exception {
    try (RecordingClient other = RecordingClient.connect(broker.port())) {
      for (int i = 0; i < count; i++) {
        other.publish("a/b", "text " + i);
      }
    }
  }

  /** Or a full disk, which holds up the listener, and a bad network would fill the memory. */
  @Test
  void whatCannotBeTakenInIsHeldOnceHoweverOftenTheConnectionIsLost() throws Exception {
    BlockingListener stuck = new BlockingListener();
    try (Mosquitto broker = Mosquitto.start(directory);
        CuttableProxy network = CuttableProxy.to(broker.port())) {
      PahoLink link = (PahoLink) links.to(at(network.port()));
      link.start(FILTERS, stuck);
      stuck.awaitUps(1);
      publish(broker, 15);
      for (int i = 0; i < 3; i++) {
        await().until(() -> link.waiting() >= 14);
        network.breakDown();
        await().until(() -> link.waiting() < 14);
        network.restore();
      }
      await().until(() -> link.waiting() >= 14);
      assertThat(link.waiting()).isLessThan(25);
      stuck.release();
      stuck.awaitTexts(15);
    }
  }

  /** It offers QoS 0 only, and nothing can be reported by it; the session is there all the same. */
  @Test
  void whatABrokerThatCannotBeServedSendsAgainAndAgainIsHeldOnce() throws Exception {
    String unfit = "20 05 01 00 02 24 00" + "32 09 00 03 61 2f 62 00 01 00 78";
    BlockingListener stuck = new BlockingListener();
    try (ScriptedBroker broker =
        ScriptedBroker.answering(
            Map.of(ScriptedBroker.SUBSCRIBE, "90 04 id 00 01 32 09 00 03 61 2f 62 00 02 00 79"))) {
      broker.answer(
          ScriptedBroker.CONNECT, unfit, unfit, unfit, unfit, unfit, ScriptedBroker.ACCEPTED);
      links.to(broker.settings("backlog")).start(FILTERS, stuck);
      broker.awaitPackets(ScriptedBroker.SUBSCRIBE, 1);
      stuck.release();
      await().until(() -> stuck.texts().contains("y"));
      // The one it was stuck in, the last that the broker has forgotten since, and the new one.
      assertThat(stuck.texts()).hasSizeLessThanOrEqualTo(3).endsWith("y");
    }
  }

  @Test
  void aBrokerWithoutALimitOfItsOwnDoesNotPourOutEverything() throws Exception {
    BlockingListener stuck = new BlockingListener();
    try (Mosquitto broker = Mosquitto.start(directory, "max_inflight_messages 0")) {
      PahoLink link = (PahoLink) links.to(broker.settings("backlog"));
      link.start(FILTERS, stuck);
      stuck.awaitUps(1);
      publish(broker, 60);
      stuck.awaitEntered();
      await().until(() -> link.waiting() >= 19);
      assertThat(link.waiting()).isEqualTo(19);
      stuck.release();
      assertThat(stuck.awaitTexts(60)).hasSize(60).endsWith("text 59");
    }
  }

  @Test
  void aListenerThatIsStuckIsInterruptedByClose() throws Exception {
    BlockingListener stuck = new BlockingListener();
    RecordingListener listener = RecordingListener.acknowledging();
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port())) {
      MqttLink link = links.to(broker.settings("backlog"));
      link.start(FILTERS, stuck);
      stuck.awaitUps(1);
      other.publish("a/b", "update");
      stuck.awaitEntered();
      link.close();
      assertThat(stuck.texts()).isEmpty();

      links.to(broker.settings("backlog")).start(FILTERS, listener);
      assertThat(listener.awaitTexts(1)).containsExactly("update");
    }
  }

  @Test
  void aSubscriptionThatIsDroppedEndsAndWhatWaitedForItStillComes() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port())) {
      MqttLink before = links.to(broker.settings("connector"));
      RecordingListener first = RecordingListener.acknowledging();
      before.start(Set.of("old", "kept"), first);
      first.awaitUps(1);
      before.close();
      other.publish("old", "waiting");
      MqttLink after = links.to(broker.settings("connector"));
      RecordingListener second = RecordingListener.acknowledging();
      after.drop(Set.of("old", "never"));
      after.start(Set.of("kept"), second);
      second.awaitUps(1);
      other.publish("old", "too late");
      other.publish("kept", "last");
      second.awaitText("last");
      assertThat(second.texts()).containsExactly("waiting", "last");
    }
  }

  @Test
  void aMessageThatIsTooLargeForUsDoesNotHoldUpTheOthers() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        RecordingClient other = RecordingClient.connect(broker.port())) {
      RecordingListener listener = RecordingListener.acknowledging();
      links.to(broker.settings("backlog")).start(FILTERS, listener);
      listener.awaitUps(1);
      other.publish("a/b", new byte[300 << 10], false);
      String large = "[".repeat(200 << 10);
      other.publish("a/b", large);
      listener.awaitText(large);
      assertThat(listener.told()).hasSize(2);
    }
  }
}
