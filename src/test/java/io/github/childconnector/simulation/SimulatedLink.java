package io.github.childconnector.simulation;

import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.simulation.World.Message;
import io.github.childconnector.thinedge.LegacyTopics;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;

/**
 * The link to a broker on another machine: at each connection it delivers what was not
 * acknowledged, once more; acknowledgements get lost in both directions, a connection may be dead
 * without anybody knowing, and the broker may die with what it has not passed on.
 */
final class SimulatedLink implements MqttLink {
  /** As long as the real link waits for an acknowledgement, and then knows of the loss. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

  private final Scheduler scheduler;
  private final World world;
  private final LegacyTopics topics;
  private final Mishaps mishaps;
  private final BlockingQueue<Call> calls;
  private Optional<Connection> connection = Optional.empty();
  private boolean isBrokerThere = true;

  SimulatedLink(Scheduler scheduler, World world, LegacyTopics topics, Mishaps mishaps) {
    this.scheduler = scheduler;
    this.world = world;
    this.topics = topics;
    this.mishaps = mishaps;
    this.calls = scheduler.queue();
  }

  /** As long as it takes at most until an end is heard of, and then until a request arrives. */
  private static final Duration UNTIL_ASKED_AGAIN = Duration.ofMillis(1500);

  private interface Call {
    void make() throws InterruptedException;
  }

  private static final class Connection {
    private boolean lost;
    private boolean silent;
  }

  @Override
  public void drop(Set<String> filters) {}

  @Override
  public void subscribe(Set<String> filters) {}

  @Override
  public void start(Set<String> filters, Listener listener) {
    scheduler.daemon("mqtt-delivery", () -> uninterrupted(() -> calls.take().make())).start();
    scheduler.daemon("mqtt-link", () -> uninterrupted(() -> connectOnce(listener))).start();
    scheduler.daemon("requester", () -> uninterrupted(() -> sendOne(listener))).start();
    scheduler.daemon("broker", () -> uninterrupted(this::passOn)).start();
    scheduler.daemon("network", () -> uninterrupted(this::disturb)).start();
  }

  private static void uninterrupted(Call call) {
    try {
      while (true) {
        call.make();
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts these", e);
    }
  }

  private void pause(int mostMillis) throws InterruptedException {
    scheduler.sleep(mishaps.time(mostMillis));
  }

  private void connectOnce(Listener listener) throws InterruptedException {
    pause(1500);
    scheduler.waitFor("the broker", () -> isBrokerThere, Strand.NEVER);
    Connection made = new Connection();
    connection = Optional.of(made);
    // In the broker's order, which no other thread may come into.
    boolean unused = calls.offer(listener::up);
    for (Message message : world.kept()) {
      unused = calls.offer(() -> deliver(made, message, listener));
    }
    scheduler.waitFor("the loss of the connection", () -> made.lost, Strand.NEVER);
    connection = Optional.empty();
    listener.changed(Listener.State.DOWN, "the connection broke");
    calls.add(() -> listener.down("the connection broke"));
  }

  private void sendOne(Listener listener) throws InterruptedException {
    scheduler.waitFor("something to ask for", world::isTurn, Strand.NEVER);
    pause(400);
    Message message = world.send();
    Optional<Connection> open = connection.filter(one -> !one.lost && !one.silent);
    if (open.isPresent()) {
      boolean unused = calls.offer(() -> deliver(open.get(), message, listener));
    }
  }

  private void passOn() throws InterruptedException {
    scheduler.waitFor("something to pass on", world::isPassing, Strand.NEVER);
    pause(1000);
    world.passOn();
  }

  private void disturb() throws InterruptedException {
    scheduler.waitFor("mishaps", mishaps::areLeft, Strand.NEVER);
    pause(4000);
    Optional<Connection> struck = connection;
    mishaps.strike(true);
    switch (mishaps.next()) {
      case CUT -> struck.ifPresent(one -> one.lost = true);
      case SILENCE -> silence(struck);
      case BROKER_DEATH -> {
        world.dropPassing();
        isBrokerThere = false;
        connection.ifPresent(one -> one.lost = true);
        pause(3000);
        isBrokerThere = true;
      }
    }
    mishaps.strike(false);
  }

  private void silence(Optional<Connection> struck) throws InterruptedException {
    struck.ifPresent(one -> one.silent = true);
    pause(15_000);
    struck.ifPresent(one -> one.lost = true);
  }

  private void deliver(Connection by, Message message, Listener listener)
      throws InterruptedException {
    // What came by a connection that is gone comes again by the next.
    if (!by.lost) {
      listener.received(
          new Delivery(
              topics.request(message.request().child()),
              Requests.payload(world.scenario(), message.request()),
              Map.of(),
              false,
              () -> acknowledge(by, message)));
    }
  }

  private void acknowledge(Connection by, Message message) {
    try {
      scheduler.step(
          "acknowledgement of " + message.request().id(),
          () -> {
            boolean reached = !by.lost && !by.silent;
            if (reached) {
              world.acknowledge(message);
            }
            return reached;
          });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public boolean publish(String topic, byte[] payload)
      throws PublishException, InterruptedException {
    Told told = Told.of(payload);
    world.telling(told, new ChildId(topic.split("/", 3)[1]), scheduler.nanoTime());
    Connection by = connection.filter(one -> !one.lost).orElseThrow(SimulatedLink::lost);
    if (mishaps.chance(4) == 0) {
      pause(200);
    }
    if (by.silent) {
      silent(by);
    }
    if (!by.lost) {
      reach(told);
    }
    if (world.scenario().is(Scenario.Trait.EAGER) && told.isEnd()) {
      scheduler.sleep(UNTIL_ASKED_AGAIN);
    }
    if (mishaps.loses()) {
      by.lost = true;
    }
    if (by.lost) {
      throw lost();
    }
    return true;
  }

  private void silent(Connection by) throws PublishException, InterruptedException {
    long end = scheduler.nanoTime() + LONGEST_SILENCE.toNanos();
    boolean unused = scheduler.waitInterruptibly("an acknowledgement", () -> by.lost, end);
    by.lost = true;
    throw lost();
  }

  private void reach(Told told) {
    try {
      scheduler.step(
          "telling of " + told,
          () -> {
            world.take(told);
            return true;
          });
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static PublishException lost() {
    return new PublishException("there is no connection to the broker", false);
  }

  @Override
  public void publishRetained(String topic, byte[] payload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
