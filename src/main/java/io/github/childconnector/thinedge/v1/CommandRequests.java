package io.github.childconnector.thinedge.v1;

import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Request;
import io.github.childconnector.update.JournalAccess;
import io.github.childconnector.update.UpdateQueue;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the commands of thin-edge's own topics to the engine. A message is acknowledged when its
 * command is in the store and in the journal, or has been found useless.
 *
 * <p>A retained {@code init} says only that nobody has cleared it. One that the journal knows is
 * answered as that has ended; another is work that came while the connector was away, but not at
 * the first start that serves a child in this way: every update that was served by the legacy
 * contract alone has left one.
 */
public final class CommandRequests {
  private static final System.Logger LOG = System.getLogger(CommandRequests.class.getName());

  /** The states in which a command waits to be begun. */
  private static final Set<String> WAITING = Set.of("init", "scheduled");

  private static final String EXECUTING = "executing";

  private final CommandTopics topics;
  private final CommandStore store;
  private final CommandStatuses statuses;
  private final UpdateQueue queue;
  private final FirstSight firstSight;
  private final JournalAccess access;

  /**
   * The parts that commands pass on their way.
   *
   * @param access keeps a command waiting while it cannot be stored
   */
  public record Parts(
      CommandTopics topics,
      CommandStore store,
      CommandStatuses statuses,
      FirstSight firstSight,
      JournalAccess access) {}

  public CommandRequests(Parts parts, UpdateQueue queue) {
    this.topics = parts.topics();
    this.store = parts.store();
    this.statuses = parts.statuses();
    this.firstSight = parts.firstSight();
    this.access = parts.access();
    this.queue = queue;
  }

  /** Takes a message, if it is one of a command. */
  public boolean isTaken(Delivery delivery) throws InterruptedException {
    Optional<CommandName> name = topics.find(delivery.topic());
    if (name.isPresent()) {
      take(name.get(), delivery);
      delivery.acknowledge();
    }
    return name.isPresent();
  }

  /**
   * Takes up the commands that were kept when an earlier process died, which had no time to begin
   * them.
   */
  public void resume() throws InterruptedException {
    for (OperationKey key : untouched()) {
      Optional<KeptCommand> kept = access.insist(() -> store.find(key));
      if (kept.isPresent()) {
        begin(key, kept.get().command(), false);
      }
    }
  }

  private List<OperationKey> untouched() throws InterruptedException {
    try {
      return store.keys(kept -> kept.said().isEmpty());
    } catch (IOException e) {
      LOG.log(Level.WARNING, "The commands cannot be listed ({0})", FileTrouble.sentence(e));
      return List.of();
    }
  }

  private void take(CommandName name, Delivery delivery) throws InterruptedException {
    Optional<OperationKey> key = name.key();
    if (delivery.payload().length == 0) {
      clear(name);
      return;
    }
    Command command = Command.read(delivery.payload());
    boolean isWaiting = WAITING.contains(command.status().orElse(""));
    if (key.isEmpty()) {
      if (isWaiting) {
        statuses.refuseUnkept(name, command, state(invalidId()));
      }
    } else if (isWaiting) {
      begin(key.get(), command, delivery.isRetained());
    } else if (delivery.isRetained() && command.status().equals(Optional.of(EXECUTING))) {
      takeUp(key.get(), command);
    } else {
      LOG.log(Level.DEBUG, "The state of {0} is {1}", delivery.topic(), command.status());
    }
  }

  private static CommandState state(Failure why) {
    return CommandState.of(new Outcome(Optional.of(why), Optional.empty()));
  }

  private void clear(CommandName name) throws InterruptedException {
    if (name.key().isPresent()) {
      boolean unused =
          access.insist(
              () -> {
                store.remove(name.key().get());
                return true;
              });
    }
    statuses.cleared(name);
  }

  private void begin(OperationKey key, Command command, boolean isRetained)
      throws InterruptedException {
    boolean isNew = access.insist(() -> store.find(key).isEmpty());
    if (!access.insist(() -> store.put(key, command))) {
      CommandName name = CommandName.of(key).orElseThrow();
      statuses.refuseUnkept(name, command, state(tooMany()));
      return;
    }
    if (command.problem().isPresent()) {
      queue.refuse(new Request(Request.V1, key), command.problem().get());
      return;
    }
    FirmwareUpdate update = command.update(key);
    if (!isNew || !isRetained) {
      queue.accept(Request.V1, update);
    } else if (queue.answerKnown(Request.V1, update)) {
      LOG.log(Level.INFO, "A command that lay at the broker is known {0}", key);
    } else if (firstSight.isOf(key.child())) {
      queue.refuse(new Request(Request.V1, key), outdated());
    } else {
      queue.accept(Request.V1, update);
    }
  }

  /** Takes up what somebody has begun: ourselves, or a connector whose storage is lost. */
  private void takeUp(OperationKey key, Command command) throws InterruptedException {
    boolean isKnown = access.insist(() -> store.find(key).isPresent());
    if (!isKnown && access.insist(() -> store.put(key, command))) {
      queue.refuse(new Request(Request.V1, key), unknown());
    }
  }

  private static Failure invalidId() {
    return new Failure(
        FailureCode.REQUEST_INVALID,
        "The id of the command is not 1 to 125 characters of A-Z a-z 0-9 _ - . :, so it was not"
            + " begun. Send the update again with another id.");
  }

  private static Failure tooMany() {
    return new Failure(
        FailureCode.QUEUE_FULL,
        "More than %d commands are retained at the broker already. Clear those that are done, then send the update again."
            .formatted(CommandStore.MAX_COMMANDS));
  }

  private static Failure outdated() {
    return new Failure(
        FailureCode.REQUEST_OUTDATED,
        "This command lay at the broker before this connector served the te/ commands of the child,"
            + " so nobody knows how old it is, and it was not begun. Send the update again.");
  }

  private static Failure unknown() {
    return new Failure(
        FailureCode.INTERRUPTED,
        "The command was said to be executing, but this connector does not know it, so what became"
            + " of it is not known. Check which version the device runs, then send the update again.");
  }
}
