package io.github.childconnector.mqtt;

import io.github.childconnector.clock.Threads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one thread that calls the listener, in the order in which things happened. What it does not
 * get round to needs no room on disk: the broker keeps every message until it is acknowledged.
 */
final class ListenerThread {
  private static final System.Logger LOG = System.getLogger(ListenerThread.class.getName());

  private final MqttLink.Listener listener;
  private final BlockingQueue<Call> calls;
  private final AtomicLong arrivals = new AtomicLong();
  private final ConcurrentSkipListMap<Long, Arrival> orphans = new ConcurrentSkipListMap<>();
  private final Threads.Worker thread;
  private String lastDown = "";

  private interface Call {
    void make() throws InterruptedException;
  }

  private final class Arrival implements Call {
    private final long number = arrivals.getAndIncrement();
    private final PahoDelivery delivery;

    private Arrival(PahoDelivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public void make() throws InterruptedException {
      if (delivery.isCurrent()) {
        deliver(delivery);
      } else {
        orphans.put(number, this);
      }
    }
  }

  ListenerThread(MqttLink.Listener listener, Threads threads) {
    this.listener = listener;
    this.calls = threads.queue();
    this.thread = threads.daemon("mqtt-delivery", this::run);
  }

  void start() {
    thread.start();
  }

  /** Tells that the link is up; like {@code down}, only called by the thread that connects. */
  void up() {
    lastDown = "";
    calls.add(listener::up);
  }

  void refused(String why) {
    lastDown = "";
    calls.add(() -> listener.refused(why));
  }

  /**
   * The connection is gone: what came by it and was not taken in yet leaves the queue, which would
   * otherwise grow with every connection for as long as the listener is held up.
   */
  void lost() {
    calls.removeIf(
        call -> {
          boolean orphan = call instanceof Arrival arrival && !arrival.delivery.isCurrent();
          if (orphan) {
            orphans.put(((Arrival) call).number, (Arrival) call);
          }
          return orphan;
        });
  }

  /**
   * The next connection is there.
   *
   * @param remembered whether the broker delivers again what was not acknowledged on the last; if
   *     not, it is nowhere but in our memory
   */
  void connected(boolean remembered) {
    if (!remembered) {
      orphans.values().forEach(orphan -> calls.add(() -> deliver(orphan.delivery)));
    }
    orphans.clear();
  }

  /** Tells the reason if it is not the one told last. */
  void down(String why) {
    if (!why.equals(lastDown)) {
      lastDown = why;
      calls.add(() -> listener.down(why));
    }
  }

  void received(PahoDelivery delivery) {
    calls.add(new Arrival(delivery));
    if (!delivery.isCurrent()) {
      // The library may hand on what had come after it has told of the loss.
      lost();
    }
  }

  private void run() {
    try {
      while (true) {
        make(calls.take());
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "The link is closed, {0} calls were not made", calls.size());
    }
  }

  private static void make(Call call) throws InterruptedException {
    try {
      call.make();
    } catch (RuntimeException | Error e) {
      LOG.log(Level.ERROR, "A change of the MQTT link was not taken in, please report this", e);
    }
  }

  private void deliver(PahoDelivery delivery) throws InterruptedException {
    try {
      listener.received(delivery);
    } catch (RuntimeException | Error e) {
      LOG.log(
          Level.ERROR,
          "A message was not taken in and is dropped, please report this: topic="
              + delivery.topic(),
          e);
      delivery.acknowledge();
    }
  }

  /** The number of calls that wait for the one that is being made. */
  int waiting() {
    return calls.size();
  }

  /** Interrupts a call that is under way, and waits for its end unless it is the caller. */
  void stop(Duration limit) throws InterruptedException {
    thread.interrupt();
    if (!thread.isCurrent()) {
      thread.join(limit);
    }
  }
}
