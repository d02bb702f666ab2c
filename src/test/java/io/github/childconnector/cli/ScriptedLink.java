package io.github.childconnector.cli;

import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/** A link that does what a test says when it is started and when something is published. */
@NullMarked
final class ScriptedLink implements MqttLink {
  private final Step onStart;
  private final Step onPublish;
  private final List<String> filters = new ArrayList<>();
  private final List<String> topics = new ArrayList<>();
  private final List<String> messages = new ArrayList<>();
  private int acknowledged;
  private boolean closed;
  private @Nullable Listener listener;

  /** Something that happens to the link. */
  interface Step {
    void run(ScriptedLink link) throws Exception;
  }

  ScriptedLink(Step onStart, Step onPublish) {
    this.onStart = onStart;
    this.onPublish = onPublish;
  }

  /** A link that is up at once and answers every publication. */
  static ScriptedLink answering(Step onPublish) {
    return new ScriptedLink(ScriptedLink::up, onPublish);
  }

  @Override
  public void drop(Set<String> subscriptions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void subscribe(Set<String> subscriptions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void start(Set<String> subscriptions, Listener told) {
    filters.addAll(subscriptions);
    listener = told;
    run(onStart);
  }

  @Override
  public boolean publish(String topic, byte[] payload) throws PublishException {
    topics.add(topic);
    messages.add(new String(payload, StandardCharsets.UTF_8));
    try {
      onPublish.run(this);
      return true;
    } catch (PublishException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void publishRetained(String topic, byte[] payload) {
    throw new UnsupportedOperationException();
  }

  private void run(Step step) {
    try {
      step.run(this);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Listener listener() {
    if (listener == null) {
      throw new AssertionError("not started");
    }
    return listener;
  }

  void up() {
    listener().up();
  }

  void down(String why) {
    listener().down(why);
  }

  /** Lets a message arrive. */
  void deliver(String payload) throws InterruptedException {
    listener()
        .received(
            new Delivery(
                filters.get(0),
                payload.getBytes(StandardCharsets.UTF_8),
                Map.of(),
                false,
                () -> acknowledged++));
  }

  @Override
  public void close() {
    closed = true;
  }

  List<String> filters() {
    return filters;
  }

  List<String> topics() {
    return topics;
  }

  List<String> messages() {
    return messages;
  }

  int acknowledged() {
    return acknowledged;
  }

  boolean isClosed() {
    return closed;
  }
}
