package io.github.childconnector.update;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** The thread of the reporter: does one thing after the other, in the order it is asked for. */
final class ReporterThread implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ReporterThread.class.getName());
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(6);

  private final MonotonicClock clock;
  private final BlockingQueue<Work> queue;
  private final Threads.Worker thread;
  private final AtomicBoolean answered = new AtomicBoolean(true);

  /** Something that the thread does in its turn. */
  interface Work {
    void run() throws InterruptedException;
  }

  ReporterThread(MonotonicClock clock) {
    this.clock = clock;
    this.queue = clock.threads().queue();
    this.thread = clock.threads().thread("reporter", this::run);
  }

  void start() {
    thread.start();
  }

  /** Does this behind all that was asked for before. */
  void add(Work work) {
    queue.add(work);
  }

  /** Does this when a pause is over, behind all that was asked for by then. */
  void later(Duration pause, Work work) {
    clock.schedule(pause, () -> queue.add(work));
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

  /** Does what it has been asked for, as far as the time goes; the rest is in the journal. */
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
