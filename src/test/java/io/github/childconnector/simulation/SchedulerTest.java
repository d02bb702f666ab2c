package io.github.childconnector.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.clock.Threads.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchedulerTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration LONG = Duration.ofDays(1);

  private final Carriers carriers = new Carriers();
  private final List<String> seen = new ArrayList<>();
  private Scheduler scheduler = new Scheduler(carriers, 1, 0, Trace.none());

  private interface Body {
    void run() throws InterruptedException;
  }

  @AfterEach
  void close() {
    carriers.close();
  }

  private List<String> run(Body body) {
    scheduler.limit(LONG);
    return scheduler.run(unchecked(body));
  }

  private Runnable unchecked(Body body) {
    return () -> {
      try {
        body.run();
      } catch (InterruptedException e) {
        seen.add("interrupted");
      }
    };
  }

  private Worker start(String name, Body body) {
    Worker worker = scheduler.thread(name, unchecked(body));
    worker.start();
    return worker;
  }

  @Test
  void timeMovesToTheNextMomentThatSomebodyWaitsFor() {
    List<String> problems =
        run(
            () -> {
              scheduler.schedule(MINUTE, () -> seen.add("timer at " + minutes()));
              Worker other =
                  start(
                      "other",
                      () -> {
                        scheduler.sleep(MINUTE.multipliedBy(2));
                        seen.add("other at " + minutes());
                      });
              scheduler.sleep(MINUTE.multipliedBy(3));
              seen.add("main at " + minutes());
              other.join(MINUTE);
            });
    assertThat(seen).containsExactly("timer at 1", "other at 2", "main at 3");
    assertThat(problems).isEmpty();
  }

  private long minutes() {
    return Duration.ofNanos(scheduler.nanoTime()).toMinutes();
  }

  @Test
  void aSeedIsAnOrder() {
    Set<List<String>> orders = new HashSet<>();
    for (int seed = 0; seed < 50; seed++) {
      assertThat(order(seed)).isEqualTo(order(seed));
      orders.add(order(seed));
    }
    assertThat(orders).hasSizeGreaterThan(5);
  }

  private List<String> order(long seed) {
    scheduler = new Scheduler(carriers, seed, 0, Trace.none());
    List<String> order = new ArrayList<>();
    assertThat(
            run(
                () -> {
                  BlockingQueue<String> queue = scheduler.queue();
                  for (String name : List.of("a", "b", "c", "d")) {
                    scheduler.daemon(name, unchecked(() -> queue.add(name))).start();
                  }
                  for (int i = 0; i < 4; i++) {
                    order.add(queue.take());
                  }
                }))
        .isEmpty();
    return order;
  }

  @Test
  void aWaitWithoutEndIsToldWithItsPlace() {
    Lock first = scheduler.lock();
    List<String> problems =
        run(
            () -> {
              first.lock();
              Worker stuck = start("stuck", first::lock);
              scheduler.queue().take();
              stuck.join(MINUTE);
            });
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0))
        .startsWith("Waits without end")
        .contains("main waits for something in its queue", "stuck waits for a lock");
  }

  @Test
  void whoIsNotWokenWaitsWithoutEnd() {
    Object monitor = new Object();
    boolean[] woken = new boolean[2];
    Body waiting =
        () -> {
          synchronized (monitor) {
            while (!woken[0]) {
              scheduler.await(monitor);
            }
            woken[1] = true;
          }
        };
    assertThat(
            run(
                () -> {
                  Worker waiter = start("waiter", waiting);
                  scheduler.sleep(MINUTE);
                  synchronized (monitor) {
                    woken[0] = true;
                    scheduler.wake(monitor);
                  }
                  waiter.join(MINUTE);
                }))
        .isEmpty();
    assertThat(woken[1]).isTrue();

    scheduler = new Scheduler(carriers, 1, 0, Trace.none());
    woken[0] = false;
    assertThat(
            run(
                () -> {
                  start("waiter", waiting);
                  scheduler.sleep(MINUTE);
                  woken[0] = true;
                  scheduler.queue().take();
                }))
        .singleElement()
        .asString()
        .contains("waiter waits for being woken");
  }

  @Test
  void aWaitMayHaveALimitAndBeInterrupted() {
    Object monitor = new Object();
    List<String> problems =
        run(
            () -> {
              synchronized (monitor) {
                scheduler.await(monitor, MINUTE);
              }
              seen.add("at " + minutes());
              Worker waiter =
                  start(
                      "waiter",
                      () -> {
                        synchronized (monitor) {
                          scheduler.await(monitor);
                        }
                      });
              scheduler.sleep(MINUTE);
              waiter.interrupt();
              waiter.join(MINUTE);
              seen.add(waiter.isAlive() ? "alive" : "ended");
            });
    assertThat(problems).isEmpty();
    assertThat(seen).containsExactly("at 1", "interrupted", "ended");
  }

  @Test
  void aThreadOfAPoolIsInterruptedByItsShutdown() {
    List<String> problems =
        run(
            () -> {
              ExecutorService pool = scheduler.pool("install-", 2, MINUTE);
              pool.execute(unchecked(() -> scheduler.queue().take()));
              pool.execute(() -> seen.add("done"));
              scheduler.sleep(MINUTE);
              assertThat(pool.shutdownNow()).isEmpty();
              pool.execute(() -> seen.add("too late"));
              assertThat(pool.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            });
    assertThat(problems).isEmpty();
    assertThat(seen).containsExactly("done", "interrupted");
  }

  @Test
  void threadsThatAreLeftAndFaultsAreProblems() {
    List<String> problems =
        run(
            () -> {
              start("left", () -> scheduler.queue().take());
              start(
                  "broken",
                  () -> {
                    throw new IllegalStateException("boom");
                  });
              scheduler.sleep(MINUTE);
            });
    assertThat(problems).hasSize(2);
    assertThat(problems.get(0)).startsWith("broken ended by").contains("boom");
    assertThat(problems.get(1)).startsWith("a thread was left: left waits for");
  }

  @Test
  void nothingHappensAfterAKill() {
    scheduler.killAt(3);
    List<String> problems =
        run(
            () -> {
              start("other", () -> scheduler.queue().take());
              step("one");
              step("two");
              step("three");
            });
    assertThat(problems).isEmpty();
    assertThat(seen).containsExactly("one");
    assertThat(scheduler.wasKilled()).isTrue();
    assertThat(scheduler.last()).isEqualTo("before two");
  }

  @Test
  void aTestMayBeTheMainThread() {
    try (Scheduler mine = Scheduler.ofThisThread(1)) {
      Scheduler.Permits permits = mine.permits();
      mine.thread(
              "other",
              unchecked(
                  () -> {
                    permits.acquire();
                    seen.add("permitted");
                  }))
          .start();
      mine.schedule(MINUTE, () -> permits.release(1));
      mine.await(() -> !seen.isEmpty());
      assertThat(Duration.ofNanos(mine.nanoTime())).isEqualTo(MINUTE);
      mine.advance(MINUTE);
      assertThat(Duration.ofNanos(mine.nanoTime())).isEqualTo(MINUTE.multipliedBy(2));
    }
  }

  @Test
  void whatATestAwaitsInVainIsToldWithTheOthersPlaces() {
    Scheduler mine = Scheduler.ofThisThread(1);
    mine.thread("other", unchecked(() -> mine.permits().acquire())).start();
    assertThatThrownBy(() -> mine.await(() -> false))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("other waits for a permit");
    assertThatThrownBy(mine::close).isInstanceOf(AssertionError.class);
  }

  private void step(String what) {
    try {
      scheduler.step(what, () -> seen.add(what));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
