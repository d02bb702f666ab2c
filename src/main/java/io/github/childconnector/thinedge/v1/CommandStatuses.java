package io.github.childconnector.thinedge.v1;

import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Request;
import io.github.childconnector.update.Requester;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;

/**
 * Reports by publishing the states of commands: QoS 1, retained, each on the topic of its command,
 * with all fields that came with it. Of a command that its requester has cleared nothing is said
 * any more, since that would stay at the broker for ever.
 *
 * <pre>{@code
 * te/device/plc-1///cmd/firmware_update/c8y-mapper-4711
 * {"status":"failed","remoteUrl":"https://…","name":"OpenWRT","version":"22.03",
 *  "reason":"digest-mismatch: The image at …"}
 * }</pre>
 */
public final class CommandStatuses implements Requester {
  private static final System.Logger LOG = System.getLogger(CommandStatuses.class.getName());

  /**
   * How long the next operation of a child is not spoken of after an end: thin-edge's mapper
   * reports operations with large ids by their names, so that their order matters.
   */
  private static final Duration AFTER_END = Duration.ofMillis(1500);

  /** How long after the end of an operation that came by another way a command may mean it. */
  private static final Duration PAIRING = Duration.ofMinutes(1);

  private static final Pacing PACING = new Pacing(AFTER_END, Duration.ofDays(1));

  private final CommandTopics topics;
  private final MqttLink link;
  private final CommandStore store;
  private final Lock lock;
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  /** The states that the broker has, as far as this connection knows. */
  private final Map<OperationKey, CommandState> said = new ConcurrentHashMap<>();

  /**
   * Reports on these topics.
   *
   * @param lock for what is said, so that nothing old follows anything new
   */
  public CommandStatuses(CommandTopics topics, MqttLink link, CommandStore store, Lock lock) {
    this.topics = topics;
    this.link = link;
    this.store = store;
    this.lock = lock;
  }

  @Override
  public String name() {
    return Request.V1;
  }

  @Override
  public Duration pairing() {
    return PAIRING;
  }

  @Override
  public Pacing pacing() {
    return PACING;
  }

  @Override
  public boolean executing(OperationKey request) throws InterruptedException {
    return say(request, CommandState.EXECUTING);
  }

  @Override
  public boolean ended(OperationKey request, Outcome outcome) throws InterruptedException {
    return say(request, CommandState.of(outcome));
  }

  /** Publishes a state; returns whether there is nothing more to do about it. */
  private boolean say(OperationKey request, CommandState state) throws InterruptedException {
    lock.lock();
    try {
      return sayLocked(request, state);
    } finally {
      lock.unlock();
    }
  }

  private boolean sayLocked(OperationKey request, CommandState state) throws InterruptedException {
    Optional<CommandName> name = CommandName.of(request);
    try {
      if (name.isEmpty() || state.equals(said.get(request)) || !store.said(request, state)) {
        return true;
      }
      Optional<KeptCommand> kept = store.find(request);
      return kept.isEmpty() || publish(name.get(), kept.get().command(), state);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "The state {0} is not published yet ({1}) {2}",
          state.status().word(),
          FileTrouble.sentence(e),
          request);
      return false;
    }
  }

  private boolean publish(CommandName name, Command command, CommandState state)
      throws InterruptedException {
    boolean isTaken = publish(name, command.document(state));
    if (isTaken) {
      name.key().ifPresent(key -> said.put(key, state));
    }
    return isTaken;
  }

  private boolean publish(CommandName name, byte[] document) throws InterruptedException {
    String topic = topics.command(name);
    try {
      link.publishRetained(topic, document);
      if (refused.remove(topic)) {
        LOG.log(Level.INFO, "The broker takes messages to {0} again", topic);
      }
      return true;
    } catch (PublishException e) {
      LOG.log(
          e.isPermanent() && refused.add(topic) ? Level.ERROR : Level.DEBUG,
          "A state of {0} is not published yet: {1}",
          topic,
          e.getMessage());
      return false;
    }
  }

  /** Says that a command failed which nobody keeps, because operations cannot have its id. */
  void refuseUnkept(CommandName name, Command command, CommandState state)
      throws InterruptedException {
    boolean unused = publish(name, command.document(state));
  }

  /** The requester has cleared a command. */
  void cleared(CommandName name) {
    name.key().ifPresent(said::remove);
    refused.remove(topics.command(name));
  }

  /** Whatever was published a moment ago may be lost, and is to be said again. */
  public void linkLost() {
    said.clear();
  }

  /**
   * Says the last state of each command again after a connection was made: the broker may have lost
   * it, and a requester that was away hears of an end only so.
   */
  public void sayAgain() throws InterruptedException {
    for (OperationKey key : unsaid()) {
      sayAgain(key);
    }
  }

  private List<OperationKey> unsaid() throws InterruptedException {
    try {
      return store.keys(kept -> kept.said().isPresent() && !said.containsKey(kept.key()));
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "The states of commands are not said again ({0})",
          FileTrouble.sentence(e));
      return List.of();
    }
  }

  private void sayAgain(OperationKey key) throws InterruptedException {
    lock.lock();
    try {
      Optional<CommandState> last = store.find(key).flatMap(KeptCommand::said);
      if (last.isPresent()) {
        boolean unused = sayLocked(key, last.get());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "A state is not said again ({0}) {1}", FileTrouble.sentence(e), key);
    } finally {
      lock.unlock();
    }
  }
}
