package io.github.childconnector.update;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.operation.OperationKey;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * The one place that speaks about operations: a thread of its own reports one status after the
 * other, so that an {@code executing} never follows an end.
 *
 * <p>An end stays unreported, here and in the journal, until the sink has it for certain. Two
 * reports of one end are at least {@link #SETTLING} apart, also over a restart, because thin-edge's
 * firmware plugin (1.1.0 and later) fails an operation whose second answer arrives while it still
 * closes the first.
 */
final class Reporter implements AutoCloseable {
  static final Duration SETTLING = Duration.ofSeconds(2);
  private static final System.Logger LOG = System.getLogger(Reporter.class.getName());
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(6);

  private final StatusSink sink;
  private final Recorder recorder;
  private final MonotonicClock clock;
  private final Predicate<OperationKey> isUnderWay;
  private final BlockingQueue<Work> queue;
  private final Threads.Worker thread;

  private final Map<OperationKey, Due> unreported = new LinkedHashMap<>();

  /** Those that the sink has, but the journal does not say so. */
  private final Map<OperationKey, Due> unmarked = new LinkedHashMap<>();

  private final Map<OperationKey, Optional<Due>> settling = new HashMap<>();

  /** Those that the sink has taken so lately that it may not have passed them on. */
  private final Map<OperationKey, Due> fresh = new LinkedHashMap<>();

  private final Set<OperationKey> announced = ConcurrentHashMap.newKeySet();
  private final Deadline youth;
  private final AtomicBoolean answered = new AtomicBoolean(true);

  Reporter(Ports ports, Recorder recorder, Predicate<OperationKey> isUnderWay) {
    this.sink = ports.statuses();
    this.clock = ports.clock();
    this.recorder = recorder;
    this.isUnderWay = isUnderWay;
    this.youth = Deadline.after(SETTLING, clock);
    this.queue = clock.threads().queue();
    this.thread = clock.threads().thread("reporter", this::run);
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  void start() {
    thread.start();
  }

  /** Says that an operation is taken up, however soon it ends; comes before what else is said. */
  void begun(OperationKey key) {
    queue.add(() -> sink.executing(key));
  }

  /**
   * Says that an operation is under way, if it still is when its turn comes; once, however often it
   * is asked for until then, so that a slow network does not let the queue grow.
   */
  void executing(OperationKey key) {
    if (announced.add(key)) {
      queue.add(
          () -> {
            announced.remove(key);
            if (isUnderWay.test(key)) {
              sink.executing(key);
            }
          });
    }
  }

  /** Says how an operation has ended, now or as soon as it can be. */
  void ended(Due due) {
    queue.add(() -> end(due));
  }

  /**
   * Says how an operation has ended, once more: where this process is young, an earlier one may
   * have said it a moment ago, just before it died.
   */
  void endedEarlier(Due due) {
    OperationKey key = due.entry().key();
    queue.add(
        () -> {
          if (youth.expired() || settling.containsKey(key)) {
            end(due);
          } else {
            settle(key, Optional.of(due));
          }
        });
  }

  /**
   * Says once more, when it can, what was said just before the link to the requester was lost: a
   * broker that is killed takes with it what it has acknowledged and not yet passed on.
   */
  void linkLost() {
    queue.add(() -> List.copyOf(fresh.values()).forEach(this::doubt));
  }

  /** Tries again to report the ends that are still unreported, and to note those that are not. */
  void retry() {
    queue.add(
        () -> {
          markAgain();
          for (Due due : List.copyOf(unreported.values())) {
            end(due);
          }
        });
  }

  private void end(Due ended) throws InterruptedException {
    OperationKey key = ended.entry().key();
    Optional<Due> next = settling.get(key);
    if (next != null) {
      settling.put(key, Optional.of(next.map(ended::orLater).orElse(ended)));
      return;
    }
    Due due = unreported.merge(key, ended, Due::orLater);
    boolean certain = sink.ended(key, due.entry().outcome().orElseThrow());
    // It may have arrived even where its acknowledgement did not.
    settle(key, Optional.empty());
    if (certain) {
      unreported.remove(key);
      unmarked.put(key, due);
      fresh.put(key, due);
      mark(due);
    }
  }

  private void doubt(Due due) {
    OperationKey key = due.entry().key();
    LOG.log(Level.INFO, "The end was told just before the connection broke: again {0}", key);
    fresh.remove(key);
    unmarked.remove(key);
    Due again = recorder.markUnreported(due);
    settling.computeIfPresent(key, (same, next) -> Optional.of(next.orElse(again)));
  }

  private boolean mark(Due due) {
    boolean marked = recorder.markReported(due);
    if (marked) {
      unmarked.remove(due.entry().key(), due);
    }
    return marked;
  }

  /** Up to the first that fails: while a disk is full, the others would fail too. */
  private void markAgain() {
    for (Due due : List.copyOf(unmarked.values())) {
      if (!mark(due)) {
        return;
      }
    }
  }

  private void settle(OperationKey key, Optional<Due> next) {
    settling.put(key, next);
    clock.schedule(SETTLING, () -> queue.add(() -> settled(key)));
  }

  private void settled(OperationKey key) throws InterruptedException {
    fresh.remove(key);
    Optional<Due> next = settling.remove(key);
    if (next != null && next.isPresent()) {
      end(next.get());
    }
  }

  /**
   * Whether the thread has got anything done since this was last asked; false while it is stuck
   * with one report. Many reports over a slow network are not stuck.
   */
  boolean isResponsive() {
    boolean wasAnswered = answered.getAndSet(false);
    if (queue.isEmpty()) {
      queue.add(() -> {});
    }
    return wasAnswered && thread.isAlive();
  }

  private void run() {
    try {
      while (true) {
        work(queue.take());
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "The reporter stops");
    }
  }

  private void work(Work work) throws InterruptedException {
    try {
      work.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "A report failed by a fault of this program", e);
    }
    answered.set(true);
  }

  /** Says what it has been told to say, as far as the time goes; the rest is in the journal. */
  @Override
  public void close() {
    queue.add(
        () -> {
          throw new InterruptedException();
        });
    try {
      thread.join(LAST_WORDS);
      thread.interrupt();
      thread.join(LONGEST_CLOSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
