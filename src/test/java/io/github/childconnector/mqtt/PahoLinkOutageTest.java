package io.github.childconnector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.mqtt.PahoLink.LinkTimings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers and networks that hang, break and lie; and that nothing of ours stays behind. */
@NullMarked
@IntegrationTest
class PahoLinkOutageTest {
  private static final Set<String> FILTERS = Set.of("a/b");

  private final Path directory;
  private final FastLinks links = new FastLinks();
  private final RecordingListener listener = RecordingListener.acknowledging();

  PahoLinkOutageTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @AfterEach
  void closeLinks() {
    links.close();
    await("all threads of the link have ended")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(PahoLinkOutageTest::threads, List::isEmpty);
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("mqtt-") || name.matches("MQTT .*outage.*"))
        .toList();
  }

  private static LinkTimings timings(Duration connect, Duration answer) {
    return timings(connect, answer, FastLinks.TIMINGS.keepAlive());
  }

  private static LinkTimings timings(Duration connect, Duration answer, Duration keepAlive) {
    LinkTimings fast = FastLinks.TIMINGS;
    return new LinkTimings(
        connect,
        answer,
        fast.farewell(),
        fast.firstPause(),
        fast.longestPause(),
        fast.stable(),
        keepAlive,
        fast.refused());
  }

  private static MqttSettings at(int port) {
    return new MqttSettings("127.0.0.1", port, "outage", Optional.empty(), Optional.empty(), true);
  }

  private static ServerSocket mute() throws Exception {
    return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @Test
  void aMutePeerCostsTheConnectTimeOnTheClock() throws Exception {
    FakeClock clock = FakeClock.standing();
    try (ServerSocket peer = mute()) {
      MqttLink link = links.to(at(peer.getLocalPort()), clock, FastLinks.TIMINGS);
      link.start(FILTERS, listener);
      peer.accept().getInputStream().read();
      clock.awaitTimers(1);
      clock.advance(FastLinks.TIMINGS.connect().minusSeconds(1));
      assertThat(listener.told()).isEmpty();
      clock.advance(Duration.ofSeconds(1));
      listener.awaitDown("has not answered the request to connect within 1m");
      clock.awaitSleepers(1);
      link.close();
    }
  }

  @Test
  void aMutePeerIsTriedAgain() throws Exception {
    LinkTimings impatient = timings(Duration.ofMillis(400), Duration.ofSeconds(5));
    try (ServerSocket peer = mute()) {
      links.to(at(peer.getLocalPort()), impatient).start(FILTERS, listener);
      for (int i = 0; i < 2; i++) {
        peer.accept();
      }
      listener.awaitDown("has not answered the request to connect");
      assertThat(listener.downs()).hasSize(1);
    }
  }

  @Test
  void closingInTheMiddleOfConnectingLeavesNothing() throws Exception {
    try (ServerSocket peer = mute()) {
      for (int i = 0; i < 2; i++) {
        MqttLink link = links.to(at(peer.getLocalPort()));
        link.start(FILTERS, listener);
        peer.accept();
        link.close();
      }
      assertThat(listener.told()).isEmpty();
    }
  }

  // The library swallows the interrupt there.
  @Test
  void closingInTheMiddleOfAFarewellIsHeeded() throws Exception {
    try (ScriptedBroker broker =
        ScriptedBroker.answering(Map.of(ScriptedBroker.CONNECT, "20 06 00 00 03 21 9c 40"))) {
      MqttLink link = links.to(broker.settings("outage"));
      link.start(FILTERS, listener);
      broker.awaitPackets(ScriptedBroker.DISCONNECT, 1);
      link.close();
      // That of the pings ends by itself, soon.
      assertThat(threads()).doesNotContain("mqtt-link", "mqtt-delivery");
    }
  }

  @Test
  void aPeerThatClosesAtOnceLeaksNoThread() throws Exception {
    try (ServerSocket peer = mute()) {
      links.to(at(peer.getLocalPort())).start(FILTERS, listener);
      for (int i = 0; i < 3; i++) {
        peer.accept().close();
      }
      listener.awaitDown("ended the connection without an answer");
      assertThat(listener.downs()).hasSize(1);
    }
  }

  @Test
  void aPeerThatTalksNonsenseAtOnceLeaksNoThread() throws Exception {
    try (ServerSocket peer = mute()) {
      links.to(at(peer.getLocalPort())).start(FILTERS, listener);
      for (int i = 0; i < 2; i++) {
        peer.accept().getOutputStream().write("HTTP/1.1 400\r\n".getBytes(UTF_8));
      }
      listener.awaitDown("a web server answers");
    }
  }

  @Test
  void aPeerThatClosesInsteadOfACceptingLeaksNoThread() throws Exception {
    try (ScriptedBroker broker =
        ScriptedBroker.answering(Map.of(ScriptedBroker.CONNECT, ScriptedBroker.HANG_UP))) {
      links.to(broker.settings("outage")).start(FILTERS, listener);
      broker.awaitConnections(3);
      listener.awaitDown("ended the connection without an answer");
    }
  }

  @Test
  void anUnansweredSubscriptionEndsTheConnection() throws Exception {
    LinkTimings impatient = timings(Duration.ofSeconds(10), Duration.ofMillis(200));
    try (ScriptedBroker broker =
        ScriptedBroker.answering(Map.of(ScriptedBroker.CONNECT, ScriptedBroker.ACCEPTED))) {
      links.to(broker.settings("outage"), impatient).start(FILTERS, listener);
      listener.awaitDown("has not answered the subscription within 200ms");
    }
  }

  /** A reload of the configuration comes when it likes. */
  @Test
  void whatIsWantedWhileTheBrokerIsSlowToSubscribeIsSubscribedNext() throws Exception {
    try (ScriptedBroker broker = ScriptedBroker.answering(subscribed("none"))) {
      CountDownLatch slow = broker.hold(ScriptedBroker.SUBSCRIBE);
      MqttLink link = links.to(broker.settings("outage"));
      link.start(FILTERS, listener);
      broker.awaitPackets(ScriptedBroker.SUBSCRIBE, 1);
      link.subscribe(Set.of("a/b", "c/d"));
      slow.countDown();
      broker.awaitPackets(ScriptedBroker.SUBSCRIBE, 2);
      assertThat(listener.downs()).isEmpty();
    }
  }

  @Test
  void anUnacknowledgedMessageEndsTheConnection() throws Exception {
    LinkTimings impatient = timings(Duration.ofSeconds(10), Duration.ofMillis(500));
    try (ScriptedBroker broker = ScriptedBroker.answering(subscribed("none"))) {
      MqttLink link = links.to(broker.settings("outage"), impatient);
      link.start(FILTERS, listener);
      listener.awaitUps(1);
      PublishException late =
          catchThrowableOfType(PublishException.class, () -> link.publish("a", new byte[0]));
      assertThat(late).hasMessageContaining("has not answered a message within 500ms");
      assertThat(late.isPermanent()).isFalse();
      listener.awaitUps(2);
    }
  }

  @Test
  void everyPublisherThatWaitsIsToldOfTheLoss() throws Exception {
    try (ScriptedBroker broker = ScriptedBroker.answering(subscribed("none"));
        CuttableProxy network = CuttableProxy.to(broker.settings("outage").port())) {
      // A publisher that begins late waits on the next connection.
      LinkTimings impatient = timings(Duration.ofSeconds(60), Duration.ofSeconds(5));
      MqttLink link = links.to(at(network.port()), impatient);
      link.start(FILTERS, listener);
      listener.awaitUps(1);
      List<CompletableFuture<PublishException>> failures = new CopyOnWriteArrayList<>();
      for (int i = 0; i < 20; i++) {
        failures.add(failing(link));
      }
      broker.awaitPackets(ScriptedBroker.PUBLISH, 8);
      network.cut();
      for (CompletableFuture<PublishException> failure : failures) {
        assertThat(failure).succeedsWithin(Duration.ofSeconds(30));
        assertThat(failure.join().isPermanent()).isFalse();
      }
    }
  }

  private static Map<Integer, String> subscribed(String puback) {
    return Map.of(
        ScriptedBroker.CONNECT,
        ScriptedBroker.ACCEPTED,
        ScriptedBroker.SUBSCRIBE,
        "90 04 id 00 01",
        ScriptedBroker.PUBLISH,
        puback);
  }

  private static CompletableFuture<PublishException> failing(MqttLink link) {
    CompletableFuture<PublishException> failure = new CompletableFuture<>();
    Thread publisher =
        new Thread(
            () ->
                failure.complete(
                    catchThrowableOfType(
                        PublishException.class, () -> link.publish("a", new byte[0]))));
    publisher.start();
    return failure;
  }

  @Test
  void anInterruptedPublisherGoesAndItsPlaceIsFreedByTheAnswer() throws Exception {
    try (ScriptedBroker broker = ScriptedBroker.answering(subscribed("none"))) {
      MqttLink link = links.to(broker.settings("outage"));
      link.start(FILTERS, listener);
      listener.awaitUps(1);
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      Thread publisher =
          new Thread(
              () ->
                  interrupted.complete(
                      catchThrowableOfType(
                              InterruptedException.class, () -> link.publish("a", new byte[0]))
                          != null));
      publisher.start();
      broker.awaitPackets(ScriptedBroker.PUBLISH, 1);
      publisher.interrupt();
      assertThat(interrupted).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(true);
      assertThat(listener.told()).containsExactly("up");
    }
  }

  @Test
  void aNetworkThatSwallowsEverythingIsNoticed() throws Exception {
    LinkTimings watchful =
        timings(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(1));
    try (Mosquitto broker = Mosquitto.start(directory);
        CuttableProxy network = CuttableProxy.to(broker.port())) {
      links.to(at(network.port()), watchful).start(FILTERS, listener);
      listener.awaitUps(1);
      network.freeze();
      listener.awaitDown("is lost");
      network.thaw();
      listener.awaitUps(2);
    }
  }

  @Test
  void manyCutsLeaveNothingBehindAndLoseNothing() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        CuttableProxy network = CuttableProxy.to(broker.port());
        RecordingClient other = RecordingClient.connect(broker.port())) {
      links.to(at(network.port())).start(FILTERS, listener);
      for (int i = 0; i < 3; i++) {
        listener.awaitUps(i + 1);
        network.cut();
        other.publish("a/b", "message " + i);
      }
      listener.awaitUps(4);
      listener.awaitText("message 2");
      assertThat(listener.texts().stream().distinct())
          .containsExactly("message 0", "message 1", "message 2");
    }
  }

  @Test
  void aConnectionThatLastedLetsThePausesBeginAnew() throws Exception {
    FakeClock clock = FakeClock.standing();
    try (Mosquitto broker = Mosquitto.start(directory);
        CuttableProxy network = CuttableProxy.to(broker.port())) {
      links.to(at(network.port()), clock, FastLinks.TIMINGS).start(FILTERS, listener);
      listener.awaitUps(1);
      for (int ups = 2; ups < 5; ups++) {
        network.cut();
        clock.awaitSleepers(1);
        clock.advance(FastLinks.TIMINGS.longestPause());
        listener.awaitUps(ups);
      }
      clock.advance(FastLinks.TIMINGS.stable());
      network.cut();
      clock.awaitSleepers(1);
      clock.advance(FastLinks.TIMINGS.longestPause());
      listener.awaitUps(5);
      Duration first = FastLinks.TIMINGS.firstPause();
      assertThat(clock.pauses()).hasSize(4);
      assertThat(clock.pauses().get(2)).isGreaterThan(first);
      assertThat(clock.pauses().get(3)).isLessThanOrEqualTo(first);
    }
  }

  @Test
  void aBrokerThatIsGoneDoesNotHoldUpClosing() throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory);
        CuttableProxy network = CuttableProxy.to(broker.port())) {
      MqttLink link = links.to(at(network.port()));
      link.start(FILTERS, listener);
      listener.awaitUps(1);
      network.freeze();
      link.close();
      // That of the pings ends by itself, soon.
      assertThat(threads()).doesNotContain("mqtt-link", "mqtt-delivery");
    }
  }
}
