package io.github.childconnector.mqtt;

import io.github.childconnector.clock.Threads;
import io.github.childconnector.fault.LastingFault;
import io.github.childconnector.mqtt.MqttLink.Listener.State;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;

/**
 * The one thread that calls the listener, in the order in which things happened. What it does not
 * get round to needs no room on disk: the broker keeps every message until it is acknowledged.
 */
final class ListenerThread {
  private static final System.Logger LOG = System.getLogger(ListenerThread.class.getName());

  private final MqttLink.Listener listener;
  private final BlockingQueue<Runnable> calls;

  /** The messages that arrived and were not taken in yet, in the queue or not; guarded by this. */
  private final Set<Arrival> open = new LinkedHashSet<>();

  private final Threads.Worker thread;
  private String lastDown = "";

  private final class Arrival implements Runnable {
    private final Delivery delivery;
    private final PahoAnswers connection;
    private volatile boolean forgotten;

    private Arrival(Delivery delivery, PahoAnswers connection) {
      this.delivery = delivery;
      this.connection = connection;
    }

    /** Whether its connection is lost, and what becomes of it is for the next one to say. */
    private boolean isOrphan() {
      return !forgotten && connection.isLost();
    }

    @Override
    public void run() {
      if (begin(this)) {
        deliver(delivery);
      }
    }
  }

  private synchronized boolean begin(Arrival arrival) {
    return !arrival.isOrphan() && open.remove(arrival);
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
    tell(State.UP, "", listener::up);
  }

  void refused(String why) {
    lastDown = "";
    tell(State.REFUSED, why, () -> listener.refused(why));
  }

  /**
   * The connection is gone: what came by it and was not taken in yet leaves the queue, which would
   * otherwise grow with every connection for as long as the listener is held up. What came before
   * the connection was accepted is not kept either: no broker sends that, and whoever does so could
   * again and again, without a connection after which it is known what to do with it.
   */
  void lost() {
    calls.removeIf(call -> call instanceof Arrival arrival && arrival.isOrphan());
    giveUp(orphans().stream().filter(orphan -> !orphan.connection.isAccepted()).toList());
  }

  /**
   * The next connection is there.
   *
   * @param remembered whether the broker delivers again what was not acknowledged on the last; if
   *     not, nobody else has it any more
   */
  void connected(boolean remembered) {
    List<Arrival> orphans = orphans();
    if (remembered) {
      giveUp(orphans);
    } else {
      // The listener's thread may hold one that it has not begun with: that is begun with once.
      orphans.forEach(orphan -> orphan.forgotten = true);
      orphans.forEach(calls::add);
    }
  }

  private synchronized List<Arrival> orphans() {
    return open.stream().filter(Arrival::isOrphan).toList();
  }

  private synchronized void giveUp(List<Arrival> orphans) {
    orphans.forEach(open::remove);
  }

  /** Tells the reason if it is not the one told last. */
  void down(String why) {
    if (!why.equals(lastDown)) {
      lastDown = why;
      tell(State.DOWN, why, () -> listener.down(why));
    }
  }

  private void tell(State state, String why, Runnable call) {
    make(() -> listener.changed(state, why));
    calls.add(call);
  }

  /** Takes a message that has come by a connection. */
  void received(Delivery delivery, PahoAnswers connection) {
    Arrival arrival = new Arrival(delivery, connection);
    synchronized (this) {
      open.add(arrival);
    }
    calls.add(arrival);
    if (connection.isLost()) {
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

  private static void make(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      LastingFault.rethrow(e);
      LOG.log(Level.ERROR, "A change of the MQTT link was not taken in, please report this", e);
    }
  }

  private void deliver(Delivery delivery) {
    try {
      listener.received(delivery);
    } catch (InterruptedException e) {
      // Ends the thread, which has no other call to make.
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LastingFault.rethrow(e);
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
