package io.github.childconnector.simulation;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Runs strands one at a time, in an order that a seed determines, on a clock that moves when none
 * of them can go on: then, to the next moment that one of them waits for.
 *
 * <p>Strands take turns wherever they wait by means of this scheduler, hand something to a queue or
 * a pool, or take a {@link #step}. Before and after each step the whole process can be killed:
 * every strand then unwinds by {@link Killed}, and no step has any effect any more.
 */
final class Scheduler implements MonotonicClock, Threads {
  /** No life does as much, or else it goes round in circles. */
  private static final int MOST_STEPS = 200_000;

  private static final Duration STUCK = Duration.ofSeconds(60);

  private final Carriers carriers;
  private final Random random;
  private final Trace trace;
  private final boolean byPriority;
  private final List<Strand> strands = new ArrayList<>();
  private final List<Strand> able = new ArrayList<>();
  private final PriorityQueue<Alarm> alarms =
      new PriorityQueue<>(
          Comparator.<Alarm>comparingLong(alarm -> alarm.at).thenComparing(alarm -> alarm.number));
  private final IdentityHashMap<Object, Integer> woken = new IdentityHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final Thread owner = Thread.currentThread();
  private volatile boolean over;
  private Strand current;
  private long now;
  private long limit = Strand.NEVER;
  private int numbers;
  private int moments;
  private int cutAt = Integer.MAX_VALUE;
  private boolean dead;
  private String last = "the beginning";

  /**
   * A scheduler whose process has not begun.
   *
   * @param now what its clock shows at first
   */
  Scheduler(Carriers carriers, long seed, long now, Trace trace) {
    this.carriers = carriers;
    this.random = new Random(seed);
    this.byPriority = random.nextInt(3) == 0;
    this.now = now;
    this.trace = trace;
    this.current = new Strand(this, "nobody", true, -1, () -> {});
  }

  /** The process is gone, and with it all its threads. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    private Killed() {
      super("the process was killed", null, false, false);
    }
  }

  /** Something with an effect outside the process. */
  interface Step<T> {
    T take() throws IOException;
  }

  private static final class Alarm implements Timer {
    private final int number;
    private final long interval;
    private final Runnable action;
    private final Scheduler scheduler;
    private long at;

    private Alarm(Scheduler scheduler, int number, long at, long interval, Runnable action) {
      this.scheduler = scheduler;
      this.number = number;
      this.at = at;
      this.interval = interval;
      this.action = action;
    }

    @Override
    public void cancel() {
      scheduler.alarms.remove(this);
    }
  }

  /** Kills the process at this moment, counted from 1. */
  void killAt(int moment) {
    cutAt = moment;
  }

  /** Calls it a wait without end when the clock gets so far. */
  void limit(Duration length) {
    limit = now + length.toNanos();
  }

  /**
   * Runs a process whose main thread this is, until that ends or all are killed.
   *
   * @return what is wrong with its threads: faults, waits without end, threads that were left
   */
  List<String> run(Runnable main) {
    strand("timers", true, this::ring);
    Strand first =
        strand(
            "main",
            false,
            () -> {
              main.run();
              noteLeft();
              kill();
            });
    current = first;
    first.grant();
    awaitOver();
    return problems;
  }

  private void awaitOver() {
    long end = System.nanoTime() + STUCK.toNanos();
    while (!over) {
      LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(1));
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            "A thread waits by other means than those of clock.Threads, or runs for ever: "
                + current.where()
                + strands.stream().map(each -> "\n  " + each.where()).toList());
      }
    }
  }

  private void noteLeft() {
    strands.stream()
        .filter(each -> !each.daemon && each != current && !each.ended)
        .forEach(each -> problems.add("a thread was left: " + each.where()));
  }

  void fault(Strand strand, Throwable fault) {
    StringBuilder text = new StringBuilder(strand.name + " ended by " + fault);
    for (StackTraceElement frame : fault.getStackTrace()) {
      text.append("\n    ").append(frame);
    }
    problems.add(text.toString());
  }

  /** Whether it was killed at the moment that was wanted. */
  boolean wasKilled() {
    return moments >= cutAt;
  }

  /** How many moments there were at which the process could have been killed. */
  int moments() {
    return moments;
  }

  /** The latest of them. */
  String last() {
    return last;
  }

  void requireAlive() {
    if (dead) {
      throw new Killed();
    }
  }

  /** A number from 0, below {@code bound}. */
  int chance(int bound) {
    return random.nextInt(bound);
  }

  void kill() {
    dead = true;
  }

  /** Takes a step; before and after it the process may be killed, and others may go on. */
  <T> T step(String what, Step<T> step) throws IOException {
    moment("before ", what);
    T result = step.take();
    moment("after ", what);
    return result;
  }

  private void moment(String when, String what) {
    requireAlive();
    moments++;
    trace.note(now, current, when, what);
    if (moments >= cutAt) {
      last = when + what;
      kill();
      throw new Killed();
    }
    if (moments > MOST_STEPS) {
      giveUp("There is no end to what is done: ");
    }
    pass();
  }

  /** Lets another go on, perhaps. */
  void pass() {
    waitFor("its turn", Strand.ALWAYS, Strand.NEVER);
  }

  /** Waits without heeding interrupts; returns whether it is ready, or else the time was up. */
  boolean waitFor(String place, BooleanSupplier ready, long deadline) {
    requireAlive();
    current.interruptible = false;
    return go(place, ready, deadline);
  }

  /** The same, but an interrupt ends it. */
  boolean waitInterruptibly(String place, BooleanSupplier ready, long deadline)
      throws InterruptedException {
    requireAlive();
    Strand me = current;
    me.interrupted |= Thread.interrupted();
    me.interruptible = true;
    if (!me.interrupted) {
      go(place, ready, deadline);
    }
    if (Thread.interrupted() || me.interrupted) {
      me.interrupted = false;
      throw new InterruptedException();
    }
    return ready.getAsBoolean();
  }

  private boolean go(String place, BooleanSupplier ready, long deadline) {
    Strand me = current;
    me.place = place;
    me.ready = ready;
    me.deadline = deadline;
    me.interrupted |= Thread.interrupted();
    Strand next = choose();
    if (next != me) {
      turnTo(next);
      me.awaitTurn();
    }
    me.monitor = null;
    if (me.interrupted && !me.interruptible) {
      me.interrupted = false;
      Thread.currentThread().interrupt();
    }
    requireAlive();
    return ready.getAsBoolean();
  }

  private void turnTo(Strand next) {
    current = next;
    trace.turn(now, next);
    next.grant();
  }

  /** Called by a strand that has ended: the next one goes on. */
  void ended(Strand strand) {
    strands.remove(strand);
    if (strands.isEmpty()) {
      over = true;
      LockSupport.unpark(owner);
    } else {
      turnTo(choose());
    }
  }

  private Strand choose() {
    if (dead) {
      return strands.get(0);
    }
    while (true) {
      able.clear();
      for (Strand strand : strands) {
        if (strand.canGoOn(now)) {
          able.add(strand);
        }
      }
      if (!able.isEmpty()) {
        return byPriority ? first() : able.get(random.nextInt(able.size()));
      }
      long next = nextMoment();
      if (next == Strand.NEVER || next > limit) {
        reportStuck();
        return strands.get(0);
      }
      now = next;
    }
  }

  /** In one of three runs the one with the highest priority, which it may lose on the way. */
  private Strand first() {
    if (random.nextInt(20) == 0) {
      able.get(random.nextInt(able.size())).priority = -random.nextInt(1000);
    }
    Strand first = able.get(0);
    for (Strand strand : able) {
      if (strand.priority > first.priority) {
        first = strand;
      }
    }
    return first;
  }

  private long nextMoment() {
    long next = Strand.NEVER;
    for (Strand strand : strands) {
      if (strand.deadline > now && strand.deadline < next) {
        next = strand.deadline;
      }
    }
    Alarm alarm = alarms.peek();
    return alarm != null && alarm.at > now ? Math.min(next, alarm.at) : next;
  }

  private void reportStuck() {
    giveUpNow("Waits without end: ");
  }

  private void giveUp(String why) {
    giveUpNow(why);
    throw new Killed();
  }

  private void giveUpNow(String why) {
    problems.add(why + strands.stream().map(each -> "\n    " + each.where()).toList());
    kill();
  }

  // The clock.

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void sleep(Duration pause) throws InterruptedException {
    waitInterruptibly("the end of a pause", () -> false, after(pause));
  }

  private long after(Duration length) {
    try {
      return Math.addExact(now, length.toNanos());
    } catch (ArithmeticException e) {
      return Strand.NEVER;
    }
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
    Alarm alarm = new Alarm(this, numbers++, at, interval, action);
    alarms.add(alarm);
    return alarm;
  }

  private void ring() {
    while (true) {
      waitFor("a timer", this::isDue, Strand.NEVER);
      Alarm alarm = alarms.poll();
      if (alarm != null) {
        alarm.action.run();
        if (alarm.interval > 0) {
          alarm.at = now + alarm.interval;
          alarms.add(alarm);
        }
      }
    }
  }

  private boolean isDue() {
    Alarm alarm = alarms.peek();
    return alarm != null && alarm.at <= now;
  }

  @Override
  public Threads threads() {
    return this;
  }

  // The threads.

  Strand strand(String name, boolean daemon, Runnable body) {
    Strand strand = new Strand(this, name, daemon, numbers++, body);
    strand.priority = random.nextInt(1000);
    strand.begin(carriers);
    strands.add(strand);
    return strand;
  }

  Strand current() {
    return current;
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
    Strand me = current;
    me.monitor = monitor;
    int before = wakes(monitor);
    try {
      waitInterruptibly("being woken", () -> wakes(monitor) != before, deadline);
    } finally {
      me.monitor = null;
    }
  }

  private int wakes(Object monitor) {
    return woken.getOrDefault(monitor, 0);
  }

  @Override
  public void wake(Object monitor) {
    woken.merge(monitor, 1, Integer::sum);
  }

  @Override
  public <T> T await(Future<T> result) throws InterruptedException, ExecutionException {
    waitInterruptibly("a result", result::isDone, Strand.NEVER);
    return result.get();
  }
}
