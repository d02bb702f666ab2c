package io.github.childconnector.clock;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * Makes threads, and everything by which they wait for each other; {@link MonotonicClock#threads}
 * has those whose waits a clock bounds.
 *
 * <p>Whoever waits by these means, or on the clock, can be run by a scheduler that lets one thread
 * at a time go on and knows when none can. Two rules keep that possible: a plain {@code
 * synchronized} block neither waits nor writes to the disk nor publishes nor logs, except that it
 * may {@link #await(Object)} on its own monitor; a section that does is guarded by a {@link #lock}.
 */
public interface Threads {
  /** A thread for which the process stays, once it is started. */
  Worker thread(String name, Runnable body);

  /** A thread for which the process does not stay. */
  Worker daemon(String name, Runnable body);

  /**
   * A pool of threads for which the process stays. What is handed in after its shutdown is dropped.
   *
   * @param name of each thread; if it ends in a hyphen, the thread's number follows
   * @param size how many threads there are at most
   * @param idle how long a thread without work is kept
   */
  ExecutorService pool(String name, int size, Duration idle);

  /** Makes a pool as {@link #pool} does, of threads for which the process does not stay. */
  ExecutorService daemonPool(String name, int size, Duration idle);

  /** An unbounded queue, empty. */
  <T> BlockingQueue<T> queue();

  /** A reentrant lock. */
  Lock lock();

  /**
   * Waits for {@link #wake} as {@link Object#wait()} does: to be called in a loop, by a thread that
   * holds the monitor once.
   */
  void await(Object monitor) throws InterruptedException;

  /** Waits likewise, but no longer than {@code limit}. */
  void await(Object monitor, Duration limit) throws InterruptedException;

  /** Wakes all who wait on the monitor, as {@link Object#notifyAll} does. */
  void wake(Object monitor);

  /** Waits for a result. */
  <T> T await(Future<T> result) throws InterruptedException, ExecutionException;

  /** Waits for the end of a pool that was made here and shut down; returns whether it has come. */
  default boolean awaitEnd(ExecutorService pool, Duration limit) throws InterruptedException {
    return pool.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** A thread that was made here. */
  interface Worker {
    /** Begins; to be called once. */
    void start();

    /** Interrupts the thread, as {@link Thread#interrupt} does. */
    void interrupt();

    /** Whether it has begun and not ended. */
    boolean isAlive();

    /** Whether it is the calling thread. */
    boolean isCurrent();

    /** Returns when it has ended, at once if it has not begun, or when {@code limit} is over. */
    void join(Duration limit) throws InterruptedException;
  }
}
