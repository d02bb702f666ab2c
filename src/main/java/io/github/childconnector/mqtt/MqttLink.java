package io.github.childconnector.mqtt;

import java.util.Set;

/**
 * A connection to one broker that comes back by itself after every interruption, with the same
 * subscriptions. Messages are sent and received with QoS 1; a message received is the broker's
 * until it is acknowledged, and is delivered again after an interruption if it was not.
 */
public interface MqttLink extends AutoCloseable {

  /**
   * Gives up subscriptions that our session at the broker may hold from an earlier process, at each
   * connection before {@link Listener#up}. Called before {@link #start}.
   */
  void drop(Set<String> filters);

  /**
   * Begins to connect, and goes on until {@link #close}. Called once.
   *
   * @param filters what to subscribe to at each connection
   */
  void start(Set<String> filters, Listener listener);

  /**
   * Subscribes to these from now on, and gives up what is not among them; at once if there is a
   * connection, after which {@link Listener#up} or {@link Listener#refused} follows.
   */
  void subscribe(Set<String> filters);

  /**
   * Publishes one message, not retained, and returns when the broker has acknowledged it.
   *
   * @return false if the broker says that nobody has subscribed to the topic, so that nobody gets
   *     the message; brokers need not say so
   * @throws PublishException it is not known to have reached the broker: publish it again when the
   *     link is up, or (if {@link PublishException#isPermanent}) give it up
   */
  boolean publish(String topic, byte[] payload) throws PublishException, InterruptedException;

  /**
   * Publishes as {@link #publish} does, but the broker keeps the message for everybody who
   * subscribes later, in place of what it kept for this topic; an empty payload only removes that.
   */
  void publishRetained(String topic, byte[] payload) throws PublishException, InterruptedException;

  /** Ends the connection in order, without its subscriptions being given up. */
  @Override
  void close();

  /**
   * Told of what happens on a link, by a thread of the link's own that does nothing else, one call
   * at a time: the methods may block, but everything that arrives waits for them.
   */
  interface Listener {
    /** Connected and subscribed. */
    void up();

    /**
     * Connected, but the broker refuses some of the subscriptions, or all. What it grants is
     * served; the others are tried again at intervals, and {@code up} follows when none is refused
     * any more.
     *
     * @param why one sentence with the remedy
     */
    void refused(String why);

    /**
     * The link is not connected; tries go on.
     *
     * @param why one sentence with the remedy
     */
    default void down(String why) {}

    /** How a link is. */
    enum State {
      /** Connected and subscribed. */
      UP,
      /** Connected, and not subscribed to everything. */
      REFUSED,
      /** Not connected. */
      DOWN
    }

    /**
     * The link is so from now on. Told at once, by the thread that connects and that must not be
     * held up, whatever the listener is held up by; the method for it above follows in its turn.
     *
     * @param why as in that method; empty where the link is up
     */
    default void changed(State state, String why) {}

    /** A message has arrived. What this throws is logged, and the message is acknowledged. */
    void received(Delivery delivery) throws InterruptedException;
  }
}
