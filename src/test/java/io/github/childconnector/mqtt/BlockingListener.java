package io.github.childconnector.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullMarked;

/** Stays in its first message until it is released, and throws at a given text. */
@NullMarked
final class BlockingListener implements MqttLink.Listener {
  private final RecordingListener recording = RecordingListener.acknowledging();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile String poison = "";

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
    entered.countDown();
    released.await();
    recording.received(
        new String(delivery.payload(), StandardCharsets.UTF_8).equals(poison)
            ? new Delivery(delivery.topic(), delivery.payload(), Map.of(), false, () -> {})
            : delivery);
    if (new String(delivery.payload(), StandardCharsets.UTF_8).equals(poison)) {
      throw new IllegalStateException("as the test wants it");
    }
  }

  void throwAt(String text) {
    poison = text;
  }

  void release() {
    released.countDown();
  }

  void awaitEntered() throws InterruptedException {
    entered.await();
  }

  void awaitUps(int count) {
    recording.awaitUps(count);
  }

  List<String> awaitTexts(int count) {
    return recording.awaitTexts(count);
  }

  List<String> texts() {
    return recording.texts();
  }
}
