package io.github.childconnector.simulation;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One thread as the program sees it. Only the one whose turn it is runs. */
final class Strand {
  static final long NEVER = Long.MAX_VALUE;
  static final BooleanSupplier ALWAYS = () -> true;

  private final Turns scheduler;
  final String name;
  final boolean daemon;
  final int number;
  private final Runnable body;
  private @Nullable Thread carrier;
  private volatile boolean granted;

  /** When it can go on, besides at its deadline. */
  BooleanSupplier ready = ALWAYS;

  long deadline = NEVER;
  boolean interruptible;
  boolean interrupted;
  String place = "its beginning";
  @Nullable Object monitor;
  boolean ended;
  int priority;

  Strand(Turns scheduler, String name, boolean daemon, int number, Runnable body) {
    this.scheduler = scheduler;
    this.name = name;
    this.daemon = daemon;
    this.number = number;
    this.body = body;
  }

  void begin(Carriers carriers) {
    carrier = carriers.carry(this);
  }

  /** Is at work already, in the calling thread. */
  void adopt() {
    carrier = Thread.currentThread();
  }

  boolean canGoOn(long now) {
    return deadline <= now || (interruptible && interrupted) || ready.getAsBoolean();
  }

  void interrupt() {
    interrupted = true;
  }

  boolean isGranted() {
    return granted;
  }

  /** Gives it the turn; called by the one that has it. */
  void grant() {
    Object waitsOn = monitor;
    if (waitsOn == null) {
      granted = true;
      LockSupport.unpark(carrier);
    } else {
      synchronized (waitsOn) {
        granted = true;
        waitsOn.notifyAll();
      }
    }
  }

  /** Returns when it has the turn; releases the monitor until then, if it waits on one. */
  void awaitTurn() {
    Object waitsOn = monitor;
    if (waitsOn == null) {
      while (!granted) {
        LockSupport.park(this);
      }
    } else {
      awaitTurn(waitsOn);
    }
    granted = false;
  }

  private void awaitTurn(Object waitsOn) {
    try {
      synchronized (waitsOn) {
        while (!granted) {
          waitsOn.wait();
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("a strand was interrupted by something else than a strand", e);
    }
  }

  void report(String error, @Nullable Throwable cause) {
    scheduler.fault(name + " has logged \"" + error + "\"", cause);
  }

  /** Runs to its end, in its carrier. */
  void run() {
    granted = false;
    try {
      scheduler.requireAlive();
      body.run();
    } catch (Turns.Killed e) {
      // Its process is gone.
    } catch (RuntimeException | Error e) {
      scheduler.fault(name + " ended", e);
    }
    ended = true;
    if (carrier instanceof Carriers.Carrier mine) {
      mine.free();
    }
    scheduler.ended(this);
  }

  /** Where it is, and what it waits for there. */
  String where() {
    StackTraceElement[] frames =
        carrier == null ? new StackTraceElement[0] : carrier.getStackTrace();
    String frame =
        Arrays.stream(frames)
            .filter(each -> each.getClassName().startsWith("io.github.childconnector."))
            .filter(each -> !each.getClassName().contains(".simulation."))
            .findFirst()
            .map(each -> " in " + each)
            .orElse("");
    return name + " waits for " + place + frame;
  }
}
