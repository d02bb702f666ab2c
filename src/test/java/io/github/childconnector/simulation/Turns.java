package io.github.childconnector.simulation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives turns to the strands of one process, one at a time, in an order that a seed determines, and
 * moves time on when none of them can go on: to the next moment that one of them waits for.
 *
 * <p>Before and after each step the whole process can be killed: every strand then unwinds by
 * {@link Killed}, and no step has any effect any more.
 */
abstract class Turns {
  /** No life does as much, or else it goes round in circles. */
  private static final int MOST_MOMENTS = 200_000;

  private static final Duration STUCK = Duration.ofSeconds(60);

  final Carriers carriers;
  final List<Strand> strands = new ArrayList<>();
  final List<String> problems = new ArrayList<>();
  private final long seed;
  private final Random random;
  private final Trace trace;
  private final boolean byPriority;
  private final List<Strand> able = new ArrayList<>();
  private final Thread owner = Thread.currentThread();
  private Optional<Strand> adopted = Optional.empty();
  private volatile boolean over;
  private Strand current;
  private long now;
  private long limit = Strand.NEVER;
  private int numbers;
  private int moments;
  private int cutAt = Integer.MAX_VALUE;
  private boolean dead;
  private String last = "the beginning";

  Turns(Carriers carriers, long seed, long now, Trace trace) {
    this.carriers = carriers;
    this.seed = seed;
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

  /** When the next timer is due; {@link Strand#NEVER} if there is none. */
  abstract long nextTimer();

  /** Kills the process at this moment, counted from 1. */
  void killAt(int moment) {
    cutAt = moment;
  }

  /** Calls it a wait without end when the clock gets so far. */
  void limit(Duration length) {
    limit = now + length.toNanos();
  }

  long now() {
    return now;
  }

  void moveTo(long time) {
    now = time;
  }

  Strand current() {
    return current;
  }

  Strand strand(String name, boolean daemon, Runnable body) {
    Strand strand = new Strand(this, name, daemon, nextNumber(), body);
    strand.priority = random.nextInt(1000);
    strand.begin(carriers);
    strands.add(strand);
    return strand;
  }

  int nextNumber() {
    return numbers++;
  }

  /** Makes the calling thread a strand whose turn it is. */
  void adopt() {
    Strand main = new Strand(this, "main", false, nextNumber(), () -> {});
    main.adopt();
    adopted = Optional.of(main);
    strands.add(main);
    current = main;
  }

  /** Runs a strand until it ends, and with it the process, or until all are killed. */
  void runMain(Runnable main) {
    current =
        strand(
            "main",
            false,
            () -> {
              main.run();
              noteLeft();
              kill();
            });
    current.grant();
    awaitOver();
  }

  /** Lets all strands but the adopted one unwind. */
  void unwind() {
    if (!dead) {
      noteLeft();
      kill();
    }
    adopted.ifPresent(strands::remove);
    if (!strands.isEmpty()) {
      turnTo(strands.get(0));
      awaitOver();
    }
  }

  private void awaitOver() {
    long end = System.nanoTime() + STUCK.toNanos();
    while (!over) {
      LockSupport.parkNanos(this, TimeUnit.SECONDS.toNanos(1));
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            "A thread waits by other means than those of clock.Threads, or runs for ever: "
                + places());
      }
    }
  }

  private List<String> places() {
    return strands.stream().map(each -> "\n    " + each.where()).toList();
  }

  private void noteLeft() {
    strands.stream()
        .filter(each -> !each.daemon && each != current && !each.ended)
        .forEach(each -> problems.add("a thread was left: " + each.where()));
  }

  /** Something went wrong, while nobody had killed the process. */
  void fault(String what, @Nullable Throwable cause) {
    if (!dead) {
      StringBuilder text = new StringBuilder(what);
      if (cause != null) {
        text.append(" by ").append(cause);
        for (StackTraceElement frame : cause.getStackTrace()) {
          text.append("\n    ").append(frame);
        }
      }
      problems.add(text.toString());
    }
  }

  /** Whether it was killed at the moment that was wanted. */
  boolean wasKilled() {
    return moments >= cutAt;
  }

  /** How many moments there were at which the process could have been killed. */
  int moments() {
    return moments;
  }

  /** The latest of them, if it was killed there. */
  String last() {
    return last;
  }

  void requireAlive() {
    if (dead && adopted.isPresent() && adopted.get() == current) {
      throw failure();
    }
    if (dead) {
      throw new Killed();
    }
  }

  /** What is wrong, and the order of threads in which it was seen. */
  AssertionError failure() {
    return new AssertionError("Seed " + seed + ": " + String.join("\n", problems));
  }

  private void kill() {
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
    } else if (moments > MOST_MOMENTS) {
      giveUp("There is no end to what is done: ");
    }
    pass();
  }

  /** Lets another go on, perhaps. */
  void pass() {
    boolean unused = waitFor("its turn", Strand.ALWAYS, Strand.NEVER);
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
      boolean unused = go(place, ready, deadline);
    }
    if (me.interrupted) {
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
    while (!dead) {
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
      if (next > limit || next == Strand.NEVER) {
        giveUp("Waits without end: ");
      } else {
        now = next;
      }
    }
    return strands.get(0);
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
    long timer = nextTimer();
    long next = timer > now ? timer : Strand.NEVER;
    for (Strand strand : strands) {
      if (strand.deadline > now && strand.deadline < next) {
        next = strand.deadline;
      }
    }
    return next;
  }

  private void giveUp(String why) {
    problems.add(why + places());
    kill();
  }
}
