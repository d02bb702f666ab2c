package io.github.childconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.clock.Threads;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a message that the listener's thread holds while the connection breaks. */
class ListenerThreadTest {
  private final FakeClock clock = FakeClock.standing();
  private final PahoAnswers connection = connection();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final SlowQueue queue = new SlowQueue();

  /** Hands out what it was asked for only when it may. */
  private static final class SlowQueue extends LinkedBlockingQueue<Object> {
    private static final long serialVersionUID = 1L;
    private final transient CountDownLatch taken = new CountDownLatch(1);
    private final transient CountDownLatch mayGo = new CountDownLatch(1);

    @Override
    public Object take() throws InterruptedException {
      Object element = super.take();
      taken.countDown();
      mayGo.await();
      return element;
    }
  }

  private PahoAnswers connection() {
    return new PahoAnswers(
        clock,
        new Diagnosis(
            new MqttSettings("127.0.0.1", 1883, "test", Optional.empty(), Optional.empty(), true)));
  }

  private static Delivery message() {
    return new Delivery("request", new byte[0], Map.of(), false, () -> {});
  }

  private Threads threads() {
    return (Threads)
        Proxy.newProxyInstance(
            Threads.class.getClassLoader(),
            new Class<?>[] {Threads.class},
            (proxy, method, arguments) ->
                method.getName().equals("queue")
                    ? queue
                    : method.invoke(clock.threads(), arguments));
  }

  private MqttLink.Listener listener() {
    return new MqttLink.Listener() {
      @Override
      public void up() {
        told.add("up");
      }

      @Override
      public void refused(String why) {
        told.add("refused");
      }

      @Override
      public void down(String why) {
        told.add("down");
      }

      @Override
      public void received(Delivery delivery) {
        told.add(delivery.topic());
      }
    };
  }

  @ParameterizedTest
  @CsvSource({"false, 'request,up'", "true, up"})
  void whatTheThreadHoldsIsTakenInWhereTheBrokerHasForgottenIt(boolean remembered, String expected)
      throws Exception {
    ListenerThread delivery = new ListenerThread(listener(), threads());
    delivery.start();
    connection.accept();
    delivery.received(message(), connection);
    queue.taken.await();
    connection.lose("the cable is out");
    delivery.lost();
    delivery.connected(remembered);
    delivery.up();
    queue.mayGo.countDown();
    await().until(() -> told.contains("up"));
    assertThat(told).containsExactlyElementsOf(List.of(expected.split(",", -1)));
    delivery.stop(Duration.ofSeconds(1));
  }

  /** Or a peer that sends, hangs up, and accepts nobody would fill the memory. */
  @Test
  void whatCameBeforeItsConnectionWasAcceptedIsForgottenWithIt() throws Exception {
    ListenerThread delivery = new ListenerThread(listener(), threads());
    delivery.start();
    for (int i = 0; i < 3; i++) {
      PahoAnswers never = connection();
      delivery.received(message(), never);
      queue.taken.await();
      never.lose("the peer hangs up");
      delivery.lost();
    }
    delivery.connected(false);
    delivery.up();
    queue.mayGo.countDown();
    await().until(() -> told.contains("up"));
    assertThat(told).containsExactly("up");
    delivery.stop(Duration.ofSeconds(1));
  }

  /** One request may wait for a full disk for hours. */
  @Test
  void howTheLinkIsIsToldWhileTheListenerIsHeldUp() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch mayGo = new CountDownLatch(1);
    MqttLink.Listener heldUp =
        new MqttLink.Listener() {
          @Override
          public void changed(State state, String why) {
            told.add(state + why);
          }

          @Override
          public void up() {
            told.add("up");
          }

          @Override
          public void refused(String why) {}

          @Override
          public void down(String why) {}

          @Override
          public void received(Delivery delivery) throws InterruptedException {
            held.countDown();
            mayGo.await();
          }
        };
    ListenerThread delivery = new ListenerThread(heldUp, clock.threads());
    connection.accept();
    delivery.start();
    delivery.received(message(), connection);
    held.await();
    delivery.up();
    delivery.refused(" no");
    delivery.down(" gone");
    delivery.down(" gone");
    assertThat(told).containsExactly("UP", "REFUSED no", "DOWN gone");
    mayGo.countDown();
    await().until(() -> told.contains("up"));
    delivery.stop(Duration.ofSeconds(1));
  }
}
