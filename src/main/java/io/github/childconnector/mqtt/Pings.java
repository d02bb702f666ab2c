package io.github.childconnector.mqtt;

import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttPingSender;
import org.eclipse.paho.mqttv5.client.internal.ClientComms;

/**
 * Lets the library look for signs of life of one connection, on the monotonic clock: the library's
 * own timer counts by the clock of the day, so after that is set back by an hour no ping is sent
 * for an hour, and a dead connection passes for a living one.
 */
final class Pings implements MqttPingSender {
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, work -> new Thread(work, "mqtt-pings"), new ThreadPoolExecutor.DiscardPolicy());

  private Optional<ClientComms> connection = Optional.empty();
  private Optional<Future<?>> next = Optional.empty();

  Pings() {
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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
    next = connection.map(comms -> look(comms, delayInMilliseconds));
  }

  private Future<?> look(ClientComms comms, long delay) {
    Runnable look = comms::checkForActivity;
    return timer.schedule(look, delay, TimeUnit.MILLISECONDS);
  }

  /** Ends the thread for good; not by an interrupt, because it may be the caller. */
  @Override
  public synchronized void stop() {
    next.ifPresent(look -> look.cancel(false));
    timer.shutdown();
  }
}
