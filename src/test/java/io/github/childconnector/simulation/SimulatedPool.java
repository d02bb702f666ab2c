package io.github.childconnector.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;

/** A pool that starts a thread when all it has are at work, and keeps it until its shutdown. */
final class SimulatedPool extends AbstractExecutorService {
  private final Scheduler scheduler;
  private final String name;
  private final int size;
  private final boolean daemon;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final List<Strand> strands = new ArrayList<>();
  private int idle;
  private int number;
  private boolean shutdown;

  SimulatedPool(Scheduler scheduler, String name, int size, boolean daemon) {
    this.scheduler = scheduler;
    this.name = name;
    this.size = size;
    this.daemon = daemon;
  }

  @Override
  public void execute(Runnable work) {
    scheduler.pass();
    if (shutdown) {
      return;
    }
    waiting.add(work);
    if (idle < waiting.size() && strands.size() < size) {
      number++;
      strands.add(scheduler.strand(name.endsWith("-") ? name + number : name, daemon, this::work));
    }
    scheduler.pass();
  }

  private void work() {
    try {
      while (true) {
        idle++;
        scheduler.waitFor("work", () -> shutdown || !waiting.isEmpty(), Strand.NEVER);
        idle--;
        Runnable next = waiting.poll();
        if (next == null) {
          return;
        }
        if (!shutdown) {
          Thread.interrupted();
        }
        next.run();
      }
    } finally {
      strands.remove(scheduler.current());
    }
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    List<Runnable> left = List.copyOf(waiting);
    waiting.clear();
    for (Strand strand : strands) {
      if (strand == scheduler.current()) {
        Thread.currentThread().interrupt();
      } else {
        strand.interrupt();
      }
    }
    return left;
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown && strands.isEmpty();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return scheduler.waitInterruptibly(
        "the end of pool " + name, strands::isEmpty, scheduler.nanoTime() + unit.toNanos(timeout));
  }
}
