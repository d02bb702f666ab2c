package io.github.childconnector.mqtt;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/**
 * Remembers what a link tells: {@code up}, {@code refused: …}, {@code down: …} and the texts of
 * messages. Messages are acknowledged at once, unless it was told to hold them.
 */
@NullMarked
public final class RecordingListener implements MqttLink.Listener {
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<Delivery> held = new CopyOnWriteArrayList<>();
  private final boolean holding;

  private RecordingListener(boolean holding) {
    this.holding = holding;
  }

  /** Acknowledges every message. */
  public static RecordingListener acknowledging() {
    return new RecordingListener(false);
  }

  /** Acknowledges nothing; see {@link #held}. */
  public static RecordingListener holding() {
    return new RecordingListener(true);
  }

  @Override
  public void up() {
    told.add("up");
  }

  @Override
  public void refused(String why) {
    told.add("refused: " + why);
  }

  @Override
  public void down(String why) {
    told.add("down: " + why);
  }

  @Override
  public void received(Delivery delivery) {
    if (holding) {
      held.add(delivery);
    } else {
      delivery.acknowledge();
    }
    // Last: whoever has seen the text counts on the rest.
    told.add(new String(delivery.payload(), StandardCharsets.UTF_8));
  }

  /** Everything, in the order in which it was told. */
  public List<String> told() {
    return List.copyOf(told);
  }

  /** The reasons of every {@code down}. */
  public List<String> downs() {
    return told.stream().filter(line -> line.startsWith("down: ")).toList();
  }

  /** The texts of the messages. */
  public List<String> texts() {
    return told.stream().filter(line -> !line.matches("(?s)up|(down|refused): .*")).toList();
  }

  /** The messages that were not acknowledged. */
  public List<Delivery> held() {
    return List.copyOf(held);
  }

  /** How often the link came up. */
  public long ups() {
    return told.stream().filter("up"::equals).count();
  }

  /** Returns once the link has come up {@code count} times. */
  public void awaitUps(int count) {
    awaitUntil(lines -> ups() >= count);
  }

  /** Returns once there are {@code count} messages. */
  public List<String> awaitTexts(int count) {
    awaitUntil(lines -> texts().size() >= count);
    return texts();
  }

  /** Returns once a message with this text has come. */
  public void awaitText(String text) {
    awaitUntil(lines -> lines.contains(text));
  }

  /** Returns once a {@code down} says {@code part}. */
  public void awaitDown(String part) {
    awaitUntil(lines -> downs().stream().anyMatch(line -> line.contains(part)));
  }

  /** Returns once a {@code refused} says {@code part}. */
  public void awaitRefused(String part) {
    awaitUntil(
        lines ->
            lines.stream().anyMatch(line -> line.startsWith("refused: ") && line.contains(part)));
  }

  private void awaitUntil(Predicate<List<String>> condition) {
    await("what the link tells")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(this::told, condition);
  }
}
