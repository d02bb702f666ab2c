package io.github.childconnector.update;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.update.Operation.Transition;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

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

  Dispatcher(UpdateSettings settings, Ports ports, Recorder recorder) {
    this.worker = new UpdateWorker(settings, ports, recorder);
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
    children.enter(
        operation.child().id(),
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
      images.enter(
          operation.update().digest(), leave -> submit(downloads, operation, leave, ended));
    } else {
      buses.enter(bus(operation), leave -> submit(installs, operation, leave, ended));
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

  private void submit(ExecutorService pool, Operation operation, Runnable leave, Runnable ended) {
    pool.execute(
        () -> {
          Optional<Duration> pause = whileCounted(pool, operation);
          if (pause.isPresent()) {
            leave.run();
            afterWork(operation, pause.get(), ended);
          } else {
            EventLog.note(operation, "Left where it is, because the connector stops");
          }
        });
  }

  private Optional<Duration> whileCounted(ExecutorService pool, Operation operation) {
    atWork.begin(operation);
    try {
      return advanceHere(pool, operation);
    } finally {
      atWork.end();
    }
  }

  /**
   * Works as long as the operation stays in this lane.
   *
   * @return how long it leaves its device alone now; empty if the connector stops
   */
  private Optional<Duration> advanceHere(ExecutorService pool, Operation operation) {
    if (!complete(pool, operation)) {
      return Optional.empty();
    }
    boolean imageWork = isImageWork(operation.stage());
    Duration pause = Duration.ZERO;
    while (!operation.stage().isEnd()
        && isImageWork(operation.stage()) == imageWork
        && pause.isZero()) {
      Optional<Transition> next = nextTransition(pool, operation);
      if (next.isEmpty() || !move(pool, operation, next.get())) {
        return Optional.empty();
      }
      pause = next.get().pause();
    }
    return Optional.of(pause);
  }

  private interface Errand {
    void run() throws InterruptedException;
  }

  /** Reads what memory does not keep of an operation that had to wait. */
  private boolean complete(ExecutorService pool, Operation operation) {
    return insist(pool, operation, () -> recorder.complete(operation));
  }

  private boolean move(ExecutorService pool, Operation operation, Transition transition) {
    return insist(pool, operation, () -> recorder.move(operation, transition));
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
      clock.schedule(pause, () -> enterLane(operation, ended));
    }
  }

  /** The operations that change a device at this moment, for which {@link #close} would wait. */
  List<Operation> changing() {
    return atWork.changing();
  }

  /** Waits for what changes a device, then interrupts it and waits until it has let go. */
  @Override
  public void close() {
    try {
      atWork.stop();
      downloads.shutdownNow();
      changing().forEach(operation -> EventLog.waiting(operation, grace));
      atWork.awaitQuiet(grace).forEach(EventLog::cutOff);
      installs.shutdownNow();
      boolean quiet =
          clock.threads().awaitEnd(downloads, LONGEST_CLOSE)
              && clock.threads().awaitEnd(installs, LONGEST_CLOSE);
      if (!quiet) {
        EventLog.stuck();
      }
    } catch (InterruptedException e) {
      installs.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Lets one turn at a time through for each key, in the order of arrival: the operations of a
   * child, the children of a bus, the downloads of one image.
   *
   * <p>A turn that waits holds no thread.
   */
  private static final class Lanes<K> {
    private final Map<K, Deque<Consumer<Runnable>>> waiting = new HashMap<>();

    /**
     * Begins a turn now, or when those before it have left.
     *
     * @param turn is given what is to be run once, by any thread, when the next may begin
     */
    void enter(K key, Consumer<Runnable> turn) {
      if (isFirst(key, turn)) {
        turn.accept(() -> leave(key));
      }
    }

    private synchronized boolean isFirst(K key, Consumer<Runnable> turn) {
      Deque<Consumer<Runnable>> queue = waiting.get(key);
      if (queue != null) {
        queue.add(turn);
        return false;
      }
      waiting.put(key, new ArrayDeque<>());
      return true;
    }

    private void leave(K key) {
      next(key).ifPresent(turn -> turn.accept(() -> leave(key)));
    }

    private synchronized Optional<Consumer<Runnable>> next(K key) {
      Deque<Consumer<Runnable>> queue = waiting.get(key);
      Consumer<Runnable> turn = queue == null ? null : queue.poll();
      if (turn == null) {
        waiting.remove(key);
      }
      return Optional.ofNullable(turn);
    }
  }
}
