package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.sming.VersionRules.Release;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.PublishException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/** A connection to the devices' broker for the length of one call. */
final class BrokerVisit implements MqttLink.Listener, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BrokerVisit.class.getName());
  private static final Duration CLEAR = Duration.ofSeconds(15);
  private static final Duration CLEAR_PAUSE = Duration.ofMillis(500);
  private static final int MOST_WAITING = 4;

  private final MqttSettings settings;
  private final MonotonicClock clock;
  private final MqttLink link;
  private final BlockingQueue<byte[]> messages;
  private boolean answered;
  private String trouble = "the broker does not answer";

  private BrokerVisit(MqttSettings settings, Means means) {
    this.settings = settings;
    this.clock = means.clock();
    this.link = means.links().apply(settings);
    this.messages = clock.threads().queue();
  }

  /**
   * The means by which brokers are visited.
   *
   * @param clock bounds every wait
   * @param links makes a link that was not started yet
   * @param patience the time for a broker to answer, and for a device to say something there
   */
  record Means(MonotonicClock clock, Function<MqttSettings, MqttLink> links, Duration patience) {}

  /**
   * Connects and subscribes.
   *
   * @param code of the failure where that cannot be done
   */
  static BrokerVisit begin(
      MqttSettings settings, Set<String> filters, Means means, FailureCode code)
      throws UpdateException, InterruptedException {
    BrokerVisit visit = new BrokerVisit(settings, means);
    boolean begun = false;
    try {
      visit.link.start(filters, visit);
      visit.awaitAnswer(means.patience(), code);
      begun = true;
      return visit;
    } finally {
      if (!begun) {
        visit.close();
      }
    }
  }

  private synchronized void awaitAnswer(Duration limit, FailureCode code)
      throws UpdateException, InterruptedException {
    Deadline deadline = Deadline.after(limit, clock);
    while (!answered && !deadline.expired()) {
      clock.threads().await(this, deadline.remaining());
    }
    if (!trouble.isEmpty()) {
      throw new UpdateException(
          code, "For the devices, " + trouble + (trouble.endsWith(".") ? "" : "."));
    }
  }

  @Override
  public void up() {
    answer("");
  }

  @Override
  public void refused(String why) {
    answer(why);
  }

  private synchronized void answer(String refusal) {
    if (!answered) {
      answered = true;
      trouble = refusal;
      clock.threads().wake(this);
    }
  }

  @Override
  public synchronized void down(String why) {
    if (!answered) {
      trouble = why;
    }
  }

  /** Keeps the latest only. */
  @Override
  public void received(Delivery delivery) {
    messages.add(delivery.payload());
    while (messages.size() > MOST_WAITING) {
      messages.poll();
    }
    delivery.acknowledge();
  }

  /** The next message; empty if none comes in time. */
  Optional<byte[]> next(Duration limit) throws InterruptedException {
    return Optional.ofNullable(messages.poll(limit.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** Whether a message comes in time that is the one wanted. */
  boolean awaitMessage(Predicate<byte[]> wanted, Duration limit) throws InterruptedException {
    Deadline deadline = Deadline.after(limit, clock);
    boolean isSeen = false;
    while (!isSeen && !deadline.expired()) {
      isSeen = next(deadline.remaining()).filter(wanted).isPresent();
    }
    return isSeen;
  }

  /** Publishes for the devices that are connected; false if the broker knows of none. */
  boolean offer(Release release, byte[] payload) throws PublishException, InterruptedException {
    return link.publish(release.topic(), payload);
  }

  /** Publishes for the devices that are connected, and for those that come before the end. */
  void retain(Release release, byte[] payload) throws PublishException, InterruptedException {
    link.publishRetained(release.topic(), payload);
  }

  /**
   * Removes what is retained, also in a thread that was interrupted, which it is again afterwards:
   * otherwise an image would be delivered when nobody asks for it any more.
   */
  void clear(String topic) {
    boolean interrupted = Thread.interrupted();
    try {
      untilCleared(topic);
    } catch (InterruptedException e) {
      interrupted = true;
      warn(topic, "the connector stops");
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void untilCleared(String topic) throws InterruptedException {
    Deadline deadline = Deadline.after(CLEAR, clock);
    Optional<PublishException> failed = tryToClear(topic);
    while (failed.filter(it -> !it.isPermanent()).isPresent() && !deadline.expired()) {
      clock.sleep(CLEAR_PAUSE);
      failed = tryToClear(topic);
    }
    failed.ifPresent(why -> warn(topic, String.valueOf(why.getMessage())));
  }

  private Optional<PublishException> tryToClear(String topic) throws InterruptedException {
    try {
      link.publishRetained(topic, new byte[0]);
      return Optional.empty();
    } catch (PublishException e) {
      return Optional.of(e);
    }
  }

  private void warn(String topic, String why) {
    LOG.log(
        Level.WARNING,
        "The retained image on {0} could not be removed ({1}); remove it:"
            + " mosquitto_pub -h {2} -r -n -t {0}",
        topic,
        why,
        settings.host());
  }

  @Override
  public void close() {
    link.close();
  }
}
