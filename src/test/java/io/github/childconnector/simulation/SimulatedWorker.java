package io.github.childconnector.simulation;

import io.github.childconnector.clock.Threads;
import java.time.Duration;
import java.util.Optional;

/** A thread that the program has made. */
final class SimulatedWorker implements Threads.Worker {
  private final Scheduler scheduler;
  private final String name;
  private final boolean daemon;
  private final Runnable body;
  private Optional<Strand> strand = Optional.empty();

  SimulatedWorker(Scheduler scheduler, String name, boolean daemon, Runnable body) {
    this.scheduler = scheduler;
    this.name = name;
    this.daemon = daemon;
    this.body = body;
  }

  @Override
  public void start() {
    if (strand.isPresent()) {
      throw new IllegalThreadStateException(name + " was started before");
    }
    strand = Optional.of(scheduler.strand(name, daemon, body));
  }

  @Override
  public void interrupt() {
    if (isCurrent()) {
      Thread.currentThread().interrupt();
    } else {
      strand.ifPresent(Strand::interrupt);
    }
  }

  @Override
  public boolean isAlive() {
    return strand.filter(each -> !each.ended).isPresent();
  }

  @Override
  public boolean isCurrent() {
    return strand.filter(each -> each == scheduler.current()).isPresent();
  }

  @Override
  public void join(Duration limit) throws InterruptedException {
    scheduler.waitInterruptibly(
        "the end of " + name, () -> !isAlive(), scheduler.nanoTime() + limit.toNanos());
  }
}
