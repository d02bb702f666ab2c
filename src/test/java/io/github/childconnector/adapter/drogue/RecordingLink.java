package io.github.childconnector.adapter.drogue;

import static org.awaitility.Awaitility.await;

import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.NullMarked;

/** Remembers what is published, and passes on what the test says that devices publish. */
@NullMarked
final class RecordingLink implements MqttLink {
  private final List<String> published = new CopyOnWriteArrayList<>();
  private final Semaphore allowed = new Semaphore(Integer.MAX_VALUE);
  private volatile Set<String> filters = Set.of();
  private volatile Optional<Listener> listener = Optional.empty();

  /** From now on publishing waits until it is allowed. */
  RecordingLink holding() {
    allowed.drainPermits();
    return this;
  }

  void allow(int messages) {
    allowed.release(messages);
  }

  boolean isWaitedFor() {
    return allowed.hasQueuedThreads();
  }

  Set<String> filters() {
    return filters;
  }

  Listener listener() {
    return listener.orElseThrow();
  }

  /** Whether it was acknowledged. */
  boolean receive(String topic, byte[] payload, boolean retained) throws InterruptedException {
    AtomicBoolean acknowledged = new AtomicBoolean();
    listener()
        .received(new Delivery(topic, payload, Map.of(), retained, () -> acknowledged.set(true)));
    return acknowledged.get();
  }

  /** What was published, as {@code topic command}, once there is so much. */
  List<String> awaitPublished(int count) {
    await().until(() -> published.size() >= count);
    return List.copyOf(published);
  }

  @Override
  public void drop(Set<String> dropped) {}

  @Override
  public void start(Set<String> wanted, Listener told) {
    filters = wanted;
    listener = Optional.of(told);
  }

  @Override
  public void subscribe(Set<String> wanted) {
    filters = wanted;
  }

  @Override
  public boolean publish(String topic, byte[] payload)
      throws PublishException, InterruptedException {
    allowed.acquire();
    try {
      return published.add(topic + " " + CborDevice.text(payload));
    } catch (java.io.IOException e) {
      throw new PublishException("no command", true);
    }
  }

  @Override
  public void publishRetained(String topic, byte[] payload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
