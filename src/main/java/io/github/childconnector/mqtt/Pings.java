package io.github.childconnector.mqtt;

import io.github.childconnector.clock.MonotonicClock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.eclipse.paho.mqttv5.client.MqttPingSender;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;

/**
 * Lets the library look for signs of life of one connection, on the monotonic clock: the library's
 * own timer counts by the clock of the day, so after that is set back by an hour no ping is sent
 * for an hour, and a dead connection passes for a living one.
 */
final class Pings implements MqttPingSender {
  /** Longer than any pause between two looks. */
  private static final Duration IDLE = Duration.ofHours(1);

  private final MonotonicClock clock;
  private final ExecutorService looks;
  private Optional<ClientComms> connection = Optional.empty();
  private Optional<MonotonicClock.Timer> next = Optional.empty();

  Pings(MonotonicClock clock) {
    this.clock = clock;
    this.looks = clock.threads().pool("mqtt-pings", 1, IDLE);
  }

  @Override
  public synchronized void init(ClientComms comms) {
    connection = Optional.of(comms);
  }

  @Override
  public synchronized void start() {
    connection.ifPresent(comms -> schedule(comms.getKeepAlive()));
  }

  @Override
  public synchronized void schedule(long delayInMilliseconds) {
    next.ifPresent(MonotonicClock.Timer::cancel);
    next = connection.map(comms -> look(comms, delayInMilliseconds));
  }

  /** Looks in a thread of its own, because a look may wait for the network. */
  private MonotonicClock.Timer look(ClientComms comms, long delay) {
    Runnable look = comms::checkForActivity;
    return clock.schedule(
        Duration.ofMillis(delay),
        () -> {
          Future<?> unused = looks.submit(look);
        });
  }

  /**
   * Ends the thread for good; not by an interrupt, because it may be the caller. The library may
   * schedule another look afterwards, at the end of one that was under way: that is none any more.
   */
  @Override
  public synchronized void stop() {
    connection = Optional.empty();
    next.ifPresent(MonotonicClock.Timer::cancel);
    looks.shutdown();
  }
}
