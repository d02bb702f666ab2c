package io.github.childconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.FrayTest;

/** What the listener of a link is told, and what is awaited on it, when the connection breaks. */
@Tag("fray")
@ExtendWith(FrayTestExtension.class)
class ListenerThreadFrayTest {
  private static final int MESSAGES = 3;
  private static final MqttSettings SETTINGS =
      new MqttSettings("127.0.0.1", 1883, "fray", Optional.empty(), Optional.empty(), true);

  private final FakeClock clock = FakeClock.standing();
  private final PahoAnswers connection = new PahoAnswers(clock, new Diagnosis(SETTINGS));

  /** Remembers which messages came, and lets the last of them be awaited. */
  private static final class Inbox implements MqttLink.Listener {
    private final List<String> topics = new ArrayList<>();
    private final CountDownLatch all;

    Inbox(int expected) {
      all = new CountDownLatch(expected);
    }

    @Override
    public synchronized void received(Delivery delivery) {
      topics.add(delivery.topic());
      all.countDown();
    }

    synchronized List<String> topics() {
      return List.copyOf(topics);
    }

    @Override
    public void up() {}

    @Override
    public void refused(String why) {}

    @Override
    public void down(String why) {}
  }

  /** Receives messages as the library does, in a thread that ends with its connection. */
  private Thread library(ListenerThread delivery) {
    Thread library =
        new Thread(
            () -> {
              for (int i = 0; i < MESSAGES; i++) {
                delivery.received(
                    new Delivery("t" + i, new byte[0], Map.of(), false, () -> {}), connection);
              }
            },
            "library");
    library.start();
    return library;
  }

  private Thread losing() {
    Thread losing = new Thread(() -> connection.lose("the cable is out"), "losing");
    losing.start();
    return losing;
  }

  /** A broker that has forgotten the session sends nothing again: each message is taken in once. */
  @FrayTest(iterations = 5000, resetClassLoaderPerIteration = false)
  void whatTheBrokerForgotIsTakenInOnce() throws InterruptedException {
    Inbox inbox = new Inbox(MESSAGES);
    ListenerThread delivery = new ListenerThread(inbox, clock.threads());
    connection.accept();
    delivery.start();
    Thread library = library(delivery);
    Thread losing = losing();
    connection.awaitLoss(Optional.empty());
    delivery.lost();
    losing.join();
    library.join();
    delivery.connected(false);
    inbox.all.await();
    delivery.stop(Duration.ofSeconds(1));
    assertThat(inbox.topics()).containsExactlyInAnyOrder("t0", "t1", "t2");
  }

  /** A broker that remembers the session sends again what was not acknowledged: no more than once. */
  @FrayTest(iterations = 5000, resetClassLoaderPerIteration = false)
  void whatTheBrokerRemembersIsTakenInAtMostOnce() throws InterruptedException {
    Inbox inbox = new Inbox(0);
    ListenerThread delivery = new ListenerThread(inbox, clock.threads());
    connection.accept();
    delivery.start();
    Thread library = library(delivery);
    Thread losing = losing();
    connection.awaitLoss(Optional.empty());
    delivery.lost();
    losing.join();
    library.join();
    delivery.connected(true);
    delivery.stop(Duration.ofSeconds(1));
    assertThat(inbox.topics()).doesNotHaveDuplicates();
  }

  /** Whoever expects an answer while the connection is lost gets the reason, whatever is first. */
  @FrayTest(iterations = 5000, resetClassLoaderPerIteration = false)
  void noWaitOutlivesTheConnection() throws InterruptedException {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread losing = losing();
    connection.expect(answer);
    String why = "";
    try {
      connection.await(answer, Duration.ofSeconds(1), "late");
    } catch (IOException e) {
      why = String.valueOf(e.getMessage());
    }
    assertThat(why).isEqualTo("the cable is out");
    losing.join();
    assertThat(connection.awaitLoss(Optional.empty())).contains("the cable is out");
  }

  /** A wake that comes before, while or after somebody waits for the loss is not lost. */
  @FrayTest(iterations = 5000, resetClassLoaderPerIteration = false)
  void aWakeIsNotLost() throws InterruptedException {
    Thread waking = new Thread(connection::wake, "waking");
    waking.start();
    assertThat(connection.awaitLoss(Optional.empty())).isEmpty();
    waking.join();
  }
}
