package io.github.childconnector.simulation;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import java.time.Duration;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;

/**
 * A clock and threads of which one at a time runs, in an order that a seed determines: they take
 * turns wherever they wait by these means, or hand something to a queue or a pool. The clock moves
 * exactly when all of them wait.
 *
 * <pre>
 * try (Scheduler scheduler = Scheduler.ofThisThread(1)) {
 *   UpdateQueue queue = new UpdateQueue(settings, children, ports(scheduler));
 *   …
 *   scheduler.await(() -> sink.hasEnd("op"));
 * }
 * </pre>
 */
public final class Scheduler extends Turns implements MonotonicClock, Threads, AutoCloseable {
  /** More than any test lets pass. */
  private static final Duration LONGEST_TEST = Duration.ofDays(2);

  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(
          Comparator.<Alarm>comparingLong(alarm -> alarm.at).thenComparing(alarm -> alarm.number));
  private final IdentityHashMap<Object, Integer> wakes = new IdentityHashMap<>();

  /**
   * A scheduler whose process has not begun.
   *
   * @param now what its clock shows at first
   */
  Scheduler(Carriers carriers, long seed, long now, Trace trace) {
    super(carriers, seed, now, trace);
  }

  /**
   * A scheduler whose main thread is the calling one: the others go on whenever that waits by means
   * of this scheduler, and end when it is closed.
   */
  public static Scheduler ofThisThread(long seed) {
    Scheduler scheduler = new Scheduler(new Carriers(), seed, 0, Trace.none());
    scheduler.adopt();
    scheduler.limit(LONGEST_TEST);
    scheduler.startTimers();
    return scheduler;
  }

  private void startTimers() {
    Strand unused = strand("timers", true, this::ring);
  }

  /**
   * Runs a process whose main thread this is, until that ends or all are killed.
   *
   * @return what is wrong with its threads: faults, waits without end, threads that were left
   */
  List<String> run(Runnable main) {
    startTimers();
    runMain(main);
    return problems;
  }

  /**
   * Ends all threads.
   *
   * @throws AssertionError there were faults, waits without end, or threads that were left
   */
  @Override
  public void close() {
    unwind();
    carriers.close();
    if (!problems.isEmpty()) {
      throw failure();
    }
  }

  /** Waits until this holds; looked at whenever another thread waits. */
  public void await(BooleanSupplier condition) {
    boolean unused = waitFor("what the test awaits", condition, Strand.NEVER);
  }

  /** Waits until this holds, but not while time passes; returns whether it holds. */
  public boolean awaitNow(BooleanSupplier condition) {
    return waitFor("what the test awaits now", condition, now() + 1);
  }

  /** Lets this time pass, with whatever happens in it. */
  public void advance(Duration length) {
    boolean unused = waitFor("the end of some time", () -> false, after(length));
  }

  /** Moves the clock while everybody stands still, as where the machine sleeps. */
  public void jump(Duration length) {
    moveTo(after(length));
  }

  /** No permits yet. */
  public Permits permits() {
    return new Permits();
  }

  /** Lets threads wait until others let them go on. */
  public final class Permits {
    private int left;

    private Permits() {}

    /** Lets this number of threads go on. */
    public void release(int number) {
      left += number;
    }

    /** Lets everybody go on, for good. */
    public void open() {
      left = Integer.MAX_VALUE;
    }

    /** Whether the next one goes on at once. */
    public boolean areLeft() {
      return left > 0;
    }

    /** Waits for a permit, or for an interrupt. */
    public void acquire() throws InterruptedException {
      boolean unused = waitInterruptibly("a permit", this::areLeft, Strand.NEVER);
      left -= left == Integer.MAX_VALUE ? 0 : 1;
    }
  }

  private static final class Alarm implements Timer {
    private final int number;
    private final long interval;
    private final Runnable action;
    private final Scheduler scheduler;
    private long at;
    private boolean cancelled;

    private Alarm(Scheduler scheduler, long at, long interval, Runnable action) {
      this.scheduler = scheduler;
      this.number = scheduler.nextNumber();
      this.at = at;
      this.interval = interval;
      this.action = action;
    }

    @Override
    public void cancel() {
      cancelled = true;
      scheduler.alarms.remove(this);
    }
  }

  @Override
  long nextTimer() {
    Alarm alarm = alarms.peek();
    return alarm == null ? Strand.NEVER : alarm.at;
  }

  private void ring() {
    while (true) {
      boolean unused = waitFor("a timer", () -> nextTimer() <= now(), Strand.NEVER);
      Alarm alarm = alarms.poll();
      if (alarm != null) {
        alarm.action.run();
        if (alarm.interval > 0 && !alarm.cancelled) {
          alarm.at = now() + alarm.interval;
          alarms.add(alarm);
        }
      }
    }
  }

  private long after(Duration length) {
    try {
      return Math.addExact(now(), length.toNanos());
    } catch (ArithmeticException e) {
      return Strand.NEVER;
    }
  }

  @Override
  public long nanoTime() {
    return now();
  }

  @Override
  public void sleep(Duration pause) throws InterruptedException {
    boolean unused = waitInterruptibly("the end of a pause", () -> false, after(pause));
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    return alarm(after(delay), 0, action);
  }

  @Override
  public Timer repeat(Duration interval, Runnable action) {
    return alarm(after(interval), interval.toNanos(), action);
  }

  private Timer alarm(long at, long interval, Runnable action) {
    Alarm alarm = new Alarm(this, at, interval, action);
    alarms.add(alarm);
    return alarm;
  }

  @Override
  public Threads threads() {
    return this;
  }

  @Override
  public Worker thread(String name, Runnable body) {
    return new SimulatedWorker(this, name, false, body);
  }

  @Override
  public Worker daemon(String name, Runnable body) {
    return new SimulatedWorker(this, name, true, body);
  }

  @Override
  public ExecutorService pool(String name, int size, Duration idle) {
    return new SimulatedPool(this, name, size, false);
  }

  @Override
  public ExecutorService daemonPool(String name, int size, Duration idle) {
    return new SimulatedPool(this, name, size, true);
  }

  @Override
  public <T> BlockingQueue<T> queue() {
    return new SimulatedQueue<>(this);
  }

  @Override
  public Lock lock() {
    return new SimulatedLock(this);
  }

  @Override
  public void await(Object monitor) throws InterruptedException {
    await(monitor, Strand.NEVER);
  }

  @Override
  public void await(Object monitor, Duration length) throws InterruptedException {
    await(monitor, after(length));
  }

  private void await(Object monitor, long deadline) throws InterruptedException {
    Strand me = current();
    int before = wakes(monitor);
    me.monitor = monitor;
    try {
      boolean unused = waitInterruptibly("being woken", () -> wakes(monitor) != before, deadline);
    } finally {
      me.monitor = null;
    }
  }

  private int wakes(Object monitor) {
    return wakes.getOrDefault(monitor, 0);
  }

  @Override
  public void wake(Object monitor) {
    wakes.merge(monitor, 1, Integer::sum);
  }

  @Override
  public <T> T await(Future<T> result) throws InterruptedException, ExecutionException {
    boolean unused = waitInterruptibly("a result", result::isDone, Strand.NEVER);
    return result.get();
  }
}
