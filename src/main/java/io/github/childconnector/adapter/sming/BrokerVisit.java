package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.sming.VersionRules.Release;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.PahoLink;
import io.github.childconnector.mqtt.PublishException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection to the devices' broker for the length of one call. */
final class BrokerVisit implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(BrokerVisit.class.getName());
  private static final Duration CLEAR = Duration.ofSeconds(15);
  private static final Duration CLEAR_PAUSE = Duration.ofMillis(500);
  private static final int MOST_WAITING = 4;

  private final SystemClock clock = new SystemClock();
  private final MqttSettings settings;
  private final MqttLink link;
  private final Ear ear = new Ear(clock.threads().queue());

  private BrokerVisit(MqttSettings settings) {
    this.settings = settings;
    this.link = new PahoLink(settings, clock, new Random());
  }

  /**
   * Connects and subscribes, within {@code limit}.
   *
   * @param code of the failure where that cannot be done
   */
  static BrokerVisit begin(
      MqttSettings settings, Set<String> filters, Duration limit, FailureCode code)
      throws UpdateException, InterruptedException {
    BrokerVisit visit = new BrokerVisit(settings);
    try {
      visit.connect(filters, limit, code);
      return visit;
    } catch (UpdateException | InterruptedException | RuntimeException e) {
      visit.close();
      throw e;
    }
  }

  private void connect(Set<String> filters, Duration limit, FailureCode code)
      throws UpdateException, InterruptedException {
    link.start(filters, ear);
    try {
      Optional<String> refusal = ear.ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (refusal.isPresent()) {
        throw failure(code, refusal.get());
      }
    } catch (TimeoutException e) {
      throw failure(code, ear.trouble);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static UpdateException failure(FailureCode code, String why) {
    String sentence = "For the devices, " + why;
    return new UpdateException(code, sentence.endsWith(".") ? sentence : sentence + ".");
  }

  /** The next message; empty if none comes in time. */
  Optional<byte[]> next(Duration limit) throws InterruptedException {
    return Optional.ofNullable(ear.messages.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** Publishes for the devices that are connected; false if the broker knows of none. */
  boolean offer(Release release, byte[] payload) throws PublishException, InterruptedException {
    return link.offer(release.topic(), payload);
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
    Optional<PublishException> trouble = tryToClear(topic);
    while (trouble.filter(it -> !it.isPermanent()).isPresent() && !deadline.expired()) {
      clock.sleep(CLEAR_PAUSE);
      trouble = tryToClear(topic);
    }
    trouble.ifPresent(why -> warn(topic, String.valueOf(why.getMessage())));
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
    clock.close();
  }

  /** Hears what happens on the link. */
  private static final class Ear implements MqttLink.Listener {
    private final CompletableFuture<Optional<String>> ready = new CompletableFuture<>();
    private final BlockingQueue<byte[]> messages;
    private volatile String trouble = "the broker does not answer";

    private Ear(BlockingQueue<byte[]> messages) {
      this.messages = messages;
    }

    @Override
    public void up() {
      ready.complete(Optional.empty());
    }

    @Override
    public void refused(String why) {
      ready.complete(Optional.of(why));
    }

    @Override
    public void down(String why) {
      trouble = why;
    }

    /** Only the latest are kept. */
    @Override
    public void received(Delivery delivery) {
      messages.add(delivery.payload());
      while (messages.size() > MOST_WAITING) {
        messages.poll();
      }
      delivery.acknowledge();
    }
  }
}
