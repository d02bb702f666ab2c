package io.github.childconnector;

import io.github.childconnector.adapter.DeviceAdapter.Endpoint;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.thinedge.SubscribedTopics;
import io.github.childconnector.update.Child;
import io.github.childconnector.update.UpdateQueue;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;

/**
 * The children that are served at the moment: engine, topics and subscriptions follow them. They
 * may change while everything runs; what else is configured stays as it was at the start.
 */
final class ServedChildren {
  private final ThinEdgeContracts contracts;
  private final UpdateQueue queue;
  private final MqttLink link;
  private volatile ConnectorConfig config;
  private volatile SubscribedTopics subscribed;
  private Deque<Endpoint> lastOpenedFirst = new ArrayDeque<>();
  private boolean closed;

  ServedChildren(
      ConnectorConfig config, ThinEdgeContracts contracts, UpdateQueue queue, MqttLink link) {
    this.config = config;
    this.contracts = contracts;
    this.queue = queue;
    this.link = link;
    this.subscribed = contracts.subscribed();
  }

  /**
   * Opens what the adapters keep open for them.
   *
   * @throws IOException something cannot be opened, and nothing is open
   */
  void open() throws IOException {
    replace(opened(config.children())).forEach(Endpoint::close);
  }

  /**
   * Closes what the adapters keep open; does not wait for a change that is under way, and that
   * leaves nothing open from now on.
   */
  void close() {
    end().forEach(Endpoint::close);
  }

  private synchronized Deque<Endpoint> end() {
    closed = true;
    return lastOpenedFirst;
  }

  /** Returns those that are of no use any more: the last ones, or after the end the new ones. */
  private synchronized Deque<Endpoint> replace(Deque<Endpoint> opened) {
    Deque<Endpoint> last = closed ? opened : lastOpenedFirst;
    lastOpenedFirst = closed ? lastOpenedFirst : opened;
    return last;
  }

  void start(MqttLink.Listener listener) {
    subscribed.begin();
    link.drop(subscribed.dropped());
    link.start(subscribed.wanted(), listener);
  }

  /** Remembers that the link has subscribed to what is wanted, and dropped the rest. */
  void settled() {
    subscribed.settled();
  }

  /**
   * Serves the children of {@code next} from now on. What is under way goes on as it began. Called
   * for one change at a time; the opening of endpoints may take as long as it likes.
   *
   * @return the configuration before, with which the next one may be compared
   * @throws IOException an adapter cannot open what it needs; nothing has changed
   */
  ConnectorConfig change(ConnectorConfig next) throws IOException {
    Deque<Endpoint> opened = opened(next.children());
    ConnectorConfig earlier = config;
    config = config.withChildrenOf(next);
    contracts.serve(config);
    queue.change(next.children());
    subscribed = contracts.subscribed();
    subscribed.begin();
    link.subscribe(subscribed.wanted());
    replace(opened).forEach(Endpoint::close);
    return earlier;
  }

  /** The number of children, for example {@code 1 child}. */
  String count() {
    int number = config.children().size();
    return number == 1 ? "1 child" : number + " children";
  }

  /** Opens what the adapters of these children keep open: all of it, or nothing. */
  private static Deque<Endpoint> opened(Collection<Child> children) throws IOException {
    Deque<Endpoint> opened = new ArrayDeque<>();
    try {
      for (Child child : children) {
        Optional<Endpoint> endpoint = child.adapter().endpoint();
        if (endpoint.isPresent()) {
          endpoint.get().open();
          opened.push(endpoint.get());
        }
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.forEach(Endpoint::close);
      throw e;
    }
  }
}
