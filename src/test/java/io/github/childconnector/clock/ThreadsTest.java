package io.github.childconnector.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.clock.SystemClock.SystemThreads;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;

/** The threads of the operating system, as the program has them made. */
class ThreadsTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Threads threads = new SystemThreads();
  private final BlockingQueue<String> seen = threads.queue();

  private void look() {
    Thread thread = Thread.currentThread();
    seen.add(thread.getName() + (thread.isDaemon() ? " daemon" : ""));
  }

  @Test
  void theirNamesAndKindsAreAsAskedFor() throws InterruptedException {
    threads.thread("reporter", this::look).start();
    assertThat(seen.take()).isEqualTo("reporter");
    threads.daemon("link", this::look).start();
    assertThat(seen.take()).isEqualTo("link daemon");
    ExecutorService installs = threads.pool("install-", 1, Duration.ofMillis(1));
    installs.execute(this::look);
    assertThat(seen.take()).isEqualTo("install-1");
    threads.daemonPool("server", 1, Duration.ofMillis(1)).execute(this::look);
    assertThat(seen.take()).isEqualTo("server daemon");
  }

  @Test
  void theirKindIsNotThatOfTheThreadThatMakesThem() throws InterruptedException {
    threads.daemon("timers", () -> threads.thread("reporter", this::look).start()).start();
    assertThat(seen.take()).isEqualTo("reporter");
    ExecutorService installs = threads.pool("install-", 1, Duration.ofMillis(1));
    threads.daemon("timers", () -> installs.execute(this::look)).start();
    assertThat(seen.take()).isEqualTo("install-1");
  }

  @Test
  void aPoolKeepsNoThreadWithoutWorkAndTakesNoneAfterItsEnd() throws InterruptedException {
    ExecutorService pool = threads.pool("install-", 1, Duration.ofNanos(1));
    pool.execute(this::look);
    assertThat(seen.take()).isEqualTo("install-1");
    pool.execute(this::look);
    pool.shutdown();
    assertThat(threads.awaitEnd(pool, LONG)).isTrue();
    pool.execute(this::look);
    assertThat(seen).hasSize(1);
  }

  @Test
  void theEndOfAPoolIsAwaitedForALimitedTime() throws InterruptedException {
    CompletableFuture<Boolean> mayEnd = new CompletableFuture<>();
    ExecutorService pool = threads.pool("install-", 1, Duration.ofNanos(1));
    pool.execute(mayEnd::join);
    pool.shutdown();
    assertThat(threads.awaitEnd(pool, Duration.ofNanos(1))).isFalse();
    mayEnd.complete(true);
    assertThat(threads.awaitEnd(pool, LONG)).isTrue();
  }

  @Test
  void aThreadIsAliveFromItsStartToItsEnd() throws InterruptedException {
    CompletableFuture<Boolean> mayEnd = new CompletableFuture<>();
    Threads.Worker thread = threads.thread("worker", mayEnd::join);
    thread.join(LONG);
    assertThat(thread.isAlive()).isFalse();
    thread.start();
    assertThat(thread.isAlive()).isTrue();
    assertThat(thread.isCurrent()).isFalse();
    thread.join(Duration.ofNanos(1));
    assertThat(thread.isAlive()).isTrue();
    mayEnd.complete(true);
    thread.join(LONG);
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void whoWaitsIsWoken() throws InterruptedException {
    Object monitor = new Object();
    CompletableFuture<Boolean> woken = new CompletableFuture<>();
    synchronized (monitor) {
      threads.thread("waker", () -> wake(monitor, woken)).start();
      while (!woken.isDone()) {
        threads.await(monitor, LONG);
      }
    }
    assertThat(woken).isDone();
  }

  private void wake(Object monitor, CompletableFuture<Boolean> woken) {
    synchronized (monitor) {
      woken.complete(true);
      threads.wake(monitor);
    }
  }

  @Test
  void whoWaitsIsInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> threads.await(new CompletableFuture<>()))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aFailureIsHandedOn() throws InterruptedException, ExecutionException {
    assertThat(threads.await(CompletableFuture.completedFuture("done"))).isEqualTo("done");
    IllegalStateException failure = new IllegalStateException("broken");
    assertThatThrownBy(() -> threads.await(CompletableFuture.failedFuture(failure)))
        .isInstanceOf(ExecutionException.class)
        .hasCause(failure);
  }
}
