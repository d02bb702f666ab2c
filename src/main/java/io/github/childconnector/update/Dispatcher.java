package io.github.childconnector.update;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.update.Operation.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Decides when and where an operation goes on: in its child's order, one at a time on a bus, one
 * download of an image at a time, and never more downloads or installations at once than
 * configured.
 *
 * <p>An operation that waits holds no thread. On a bus it stays from the first installation attempt
 * to the end of the confirmation, unless the device is busy.
 *
 * <p>When it is closed nothing new begins, and what changes no device is interrupted; a device that
 * is being written has {@link UpdateSettings#shutdownGrace} to be done.
 */
final class Dispatcher implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(25);

  private final UpdateWorker worker;
  private final Recorder recorder;
  private final MonotonicClock clock;
  private final Duration grace;
  private final DeviceThreads atWork;
  private final ExecutorService downloads;
  private final ExecutorService installs;
  private final Lanes<ChildId> children = new Lanes<>();
  private final Lanes<String> buses = new Lanes<>();
  private final Lanes<Sha256> images = new Lanes<>();

  /**
   * The stay of an operation in a lane.
   *
   * @param leave lets the next one into the lane
   * @param ended is run at the end of the operation
   */
  private record Stay(ExecutorService pool, Operation operation, Runnable leave, Runnable ended) {}

  Dispatcher(UpdateSettings settings, Ports ports, Recorder recorder, Room room) {
    this.worker = new UpdateWorker(settings, ports, recorder, room);
    this.recorder = recorder;
    this.clock = ports.clock();
    this.grace = settings.shutdownGrace();
    this.atWork = new DeviceThreads(clock);
    // Once shut down they take nothing: what is left is taken up from the journal at the next
    // start.
    this.downloads = clock.threads().pool("download-", settings.parallelDownloads(), IDLE);
    this.installs = clock.threads().pool("install-", settings.parallelInstalls(), IDLE);
  }

  /** Brings an operation to its end after those of its child that came before it. */
  void start(Operation operation, Consumer<Operation> ended) {
    operation.waitFor(Optional.of(new Wait(Wait.Kind.TURN, "the child's earlier operations")));
    children.enter(
        operation.child().id(),
        true,
        leave ->
            enterLane(
                operation,
                () -> {
                  try {
                    ended.accept(operation);
                  } finally {
                    leave.run();
                  }
                }));
  }

  /**
   * Runs what may have to wait for the journal, and is no child's turn, beside the operations; what
   * a stop leaves undone is for the next start.
   */
  void aside(Runnable errand) {
    installs.execute(errand);
  }

  /** Lets the operation wait for what its stage needs: its image, or its bus. */
  private void enterLane(Operation operation, Runnable ended) {
    if (isImageWork(operation.stage())) {
      FirmwareUpdate update = operation.update();
      Sha256 image = update.digest().orElseGet(() -> Sha256.of(update.url().getBytes(UTF_8)));
      String shown = update.digest().map(Sha256::hex).orElse(update.url());
      operation.waitFor(Optional.of(new Wait(Wait.Kind.IMAGE, shown)));
      images.enter(image, true, leave -> submit(new Stay(downloads, operation, leave, ended)));
    } else {
      String name = operation.child().bus().orElse("");
      operation.waitFor(Optional.of(new Wait(Wait.Kind.BUS, name)));
      boolean comes = operation.child().adapter().offering().isPresent();
      buses.enter(
          bus(operation), !comes, leave -> submit(new Stay(installs, operation, leave, ended)));
    }
  }

  private static boolean isImageWork(Stage stage) {
    return stage == Stage.FETCHING;
  }

  /** A child without a bus is alone on one of its own, whose name no configured bus can have. */
  private static String bus(Operation operation) {
    Child child = operation.child();
    return child.bus().map(name -> "bus/" + name).orElse("child/" + child.id());
  }

  private void submit(Stay stay) {
    Operation operation = stay.operation();
    Wait wait =
        stay.pool() == downloads
            ? new Wait(Wait.Kind.DOWNLOAD, "updates.parallel_downloads")
            : new Wait(Wait.Kind.INSTALLER, "updates.parallel_installs");
    operation.waitFor(Optional.of(wait));
    stay.pool()
        .execute(
            () -> {
              Optional<Transition> last = whileCounted(stay.pool(), operation);
              if (last.isEmpty()) {
                EventLog.note(operation, "Left where it is, because the connector stops");
              } else if (last.get().rest().isPresent()) {
                rest(stay, last.get());
              } else {
                stay.leave().run();
                afterWork(operation, last.get().pause(), stay.ended());
              }
            });
  }

  /** Stays in the lane without a thread; on a bus, others may ask for it. */
  private void rest(Stay stay, Transition last) {
    Operation operation = stay.operation();
    operation.waitFor(last.rest());
    if (operation.stage() == Stage.READY && operation.offer().isPresent()) {
      buses.whenPressed(bus(operation), operation::press);
    }
    operation.rest().begin(clock, last.pause(), () -> submit(stay));
  }

  private Optional<Transition> whileCounted(ExecutorService pool, Operation operation) {
    atWork.begin(operation);
    operation.waitFor(Optional.empty());
    try {
      Optional<Transition> last = advanceHere(pool, operation);
      last.flatMap(Transition::rest).ifPresent(wait -> atWork.rest(operation));
      return last;
    } finally {
      atWork.end();
    }
  }

  /**
   * Works as long as the operation stays in this lane and need not wait.
   *
   * @return the last step; empty if the connector stops
   */
  private Optional<Transition> advanceHere(ExecutorService pool, Operation operation) {
    if (!complete(pool, operation)) {
      return Optional.empty();
    }
    boolean imageWork = isImageWork(operation.stage());
    Transition last = Transition.to(operation.stage());
    while (!operation.stage().isEnd()
        && isImageWork(operation.stage()) == imageWork
        && !last.isPause()) {
      Optional<Transition> next = nextTransition(pool, operation);
      if (next.isEmpty() || !move(pool, operation, next.get())) {
        return Optional.empty();
      }
      last = next.get();
    }
    return Optional.of(last);
  }

  private interface Errand {
    void run() throws InterruptedException;
  }

  /** Reads what memory does not keep of an operation that had to wait. */
  private boolean complete(ExecutorService pool, Operation operation) {
    return insist(pool, operation, () -> recorder.complete(operation));
  }

  private boolean move(ExecutorService pool, Operation operation, Transition transition) {
    return transition.next() == operation.stage()
        || insist(pool, operation, () -> recorder.move(operation, transition));
  }

  /**
   * Asks the journal for something, however long it cannot be used; returns false if the connector
   * stops before it can. An interrupt while nobody stops must not end the wait: nobody would leave
   * the lane.
   */
  private boolean insist(ExecutorService pool, Operation operation, Errand errand) {
    while (true) {
      try {
        errand.run();
        return true;
      } catch (InterruptedException e) {
        if (!mayGoOn(pool, operation)) {
          return false;
        }
        EventLog.leftBehind(operation);
      }
    }
  }

  /**
   * Does the work of the operation's stage; empty if the connector stops. An adapter may answer the
   * interrupt of a stopping connector with a failure, or not at all; so from then on a failure is
   * no result. An interrupt while nobody stops is a fault, which must not hold up the child for
   * ever.
   */
  private Optional<Transition> nextTransition(ExecutorService pool, Operation operation) {
    boolean leftBehind = Thread.interrupted();
    if (!mayGoOn(pool, operation)) {
      return Optional.empty();
    }
    if (leftBehind) {
      EventLog.leftBehind(operation);
    }
    try {
      Transition transition = worker.work(operation);
      boolean isResult = transition.failure().isEmpty() || mayGoOn(pool, operation);
      boolean mayEnter = transition.next() != Stage.INSTALLING || atWork.admit(operation);
      return isResult && mayEnter ? Optional.of(transition) : Optional.empty();
    } catch (InterruptedException e) {
      return mayGoOn(pool, operation)
          ? Optional.of(UpdateWorker.fault(operation, e))
          : Optional.empty();
    }
  }

  /** Whether it may go on: once the connector stops, only for its grace, to write its device. */
  private boolean mayGoOn(ExecutorService pool, Operation operation) {
    return !pool.isShutdown() && atWork.mayGoOn(operation);
  }

  private void afterWork(Operation operation, Duration pause, Runnable ended) {
    if (operation.stage().isEnd()) {
      ended.run();
    } else if (pause.isZero()) {
      enterLane(operation, ended);
    } else {
      operation.waitFor(Optional.of(new Wait(Wait.Kind.PAUSE, "updates.busy_retry")));
      clock.schedule(pause, () -> enterLane(operation, ended));
    }
  }

  /** The operations that change a device at this moment, for which {@link #close} would wait. */
  List<Operation> changing() {
    return atWork.changing();
  }

  private void closeOffers(Predicate<Operation> which) {
    atWork.resting().stream()
        .filter(which)
        .flatMap(operation -> operation.offer().stream())
        .forEach(standing -> standing.offer().close());
  }

  /** Waits for what changes a device, then interrupts it and waits until it has let go. */
  @Override
  public void close() {
    try {
      atWork.stop();
      downloads.shutdownNow();
      closeOffers(operation -> !changing().contains(operation));
      changing().forEach(operation -> EventLog.waiting(operation, grace));
      atWork.awaitQuiet(grace).forEach(EventLog::cutOff);
      installs.shutdownNow();
      closeOffers(operation -> true);
      boolean quiet =
          clock.threads().awaitEnd(downloads, LONGEST_CLOSE)
              && clock.threads().awaitEnd(installs, LONGEST_CLOSE);
      if (!quiet) {
        EventLog.stuck();
      }
    } catch (InterruptedException e) {
      installs.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      worker.close();
    }
  }
}
