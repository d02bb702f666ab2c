package io.github.childconnector.simulation;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A queue whose takers and givers take turns. */
final class SimulatedQueue<T> extends LinkedBlockingQueue<T> {
  private static final long serialVersionUID = 1L;

  private final transient Scheduler scheduler;

  SimulatedQueue(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public boolean add(T element) {
    scheduler.pass();
    boolean added = super.add(element);
    scheduler.pass();
    return added;
  }

  @Override
  public T take() throws InterruptedException {
    scheduler.waitInterruptibly("something in its queue", () -> !isEmpty(), Strand.NEVER);
    return super.take();
  }

  @Override
  public T poll(long timeout, TimeUnit unit) throws InterruptedException {
    scheduler.waitInterruptibly(
        "something in its queue", () -> !isEmpty(), scheduler.nanoTime() + unit.toNanos(timeout));
    return super.poll();
  }
}
