package io.github.childconnector.simulation;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** A reentrant lock whose holder may lose its turn. */
final class SimulatedLock implements Lock {
  private final Scheduler scheduler;
  private Optional<Strand> holder = Optional.empty();
  private int holds;

  SimulatedLock(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  private boolean isFree() {
    return holder.filter(each -> each != scheduler.current()).isEmpty();
  }

  @Override
  public void lock() {
    Strand me = scheduler.current();
    scheduler.waitFor("a lock", () -> holder.filter(each -> each != me).isEmpty(), Strand.NEVER);
    take(me);
  }

  private void take(Strand me) {
    holder = Optional.of(me);
    holds++;
  }

  @Override
  public void lockInterruptibly() throws InterruptedException {
    Strand me = scheduler.current();
    scheduler.waitInterruptibly(
        "a lock", () -> holder.filter(each -> each != me).isEmpty(), Strand.NEVER);
    take(me);
  }

  @Override
  public boolean tryLock() {
    boolean free = isFree();
    if (free) {
      take(scheduler.current());
    }
    return free;
  }

  @Override
  public boolean tryLock(long time, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unlock() {
    holds--;
    if (holds == 0) {
      holder = Optional.empty();
    }
  }

  @Override
  public Condition newCondition() {
    throw new UnsupportedOperationException();
  }
}
