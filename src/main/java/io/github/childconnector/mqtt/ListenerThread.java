package io.github.childconnector.mqtt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The one thread that calls the listener, in the order in which things happened. What it does not
 * get round to needs no room on disk: the broker keeps every message until it is acknowledged.
 */
final class ListenerThread {
  private static final Logger LOG = System.getLogger(ListenerThread.class.getName());

  private final MqttLink.Listener listener;
  private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  private final Thread thread = new Thread(this::run, "mqtt-delivery");
  private String lastDown = "";

  private interface Call {
    void make() throws InterruptedException;
  }

  ListenerThread(MqttLink.Listener listener) {
    this.listener = listener;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Only the thread that connects says {@code up} and {@code down}. */
  void up() {
    lastDown = "";
    calls.add(listener::up);
  }

  void refused(String why) {
    lastDown = "";
    calls.add(() -> listener.refused(why));
  }

  /** Tells the reason if it is not the one told last. */
  void down(String why) {
    if (!why.equals(lastDown)) {
      lastDown = why;
      calls.add(() -> listener.down(why));
    }
  }

  void received(PahoDelivery delivery) {
    calls.add(() -> deliver(delivery));
  }

  private void run() {
    try {
      while (true) {
        make(calls.take());
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "the link is closed, {0} calls were not made", calls.size());
    }
  }

  private static void make(Call call) throws InterruptedException {
    try {
      call.make();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "a change of the MQTT link was not taken in, please report this", e);
    }
  }

  private void deliver(PahoDelivery delivery) throws InterruptedException {
    if (delivery.isCurrent()) {
      try {
        listener.received(delivery);
      } catch (RuntimeException | Error e) {
        LOG.log(
            Level.ERROR,
            "a message was not taken in and is dropped, please report this: topic="
                + delivery.topic(),
            e);
        delivery.acknowledge();
      }
    }
  }

  /** Interrupts a call that is under way, and waits for its end unless it is the caller. */
  void stop(Duration limit) throws InterruptedException {
    thread.interrupt();
    if (Thread.currentThread() != thread) {
      thread.join(limit.toMillis());
    }
  }
}
