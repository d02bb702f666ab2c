package io.github.childconnector.clock;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** The machine's monotonic clock; its timers share one daemon thread, started by the first. */
public final class SystemClock implements MonotonicClock, AutoCloseable {
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(1, work -> SystemThreads.make("timers", true, work));

  private final Threads threads = new SystemThreads();

  /** Creates a clock without timers, which has no thread and needs no closing. */
  public SystemClock() {
    timers.setRemoveOnCancelPolicy(true);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void sleep(Duration pause) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
  }

  @Override
  public Timer schedule(Duration delay, Runnable action) {
    return timer(timers.schedule(guard(action), delay.toNanos(), TimeUnit.NANOSECONDS));
  }

  @Override
  public Timer repeat(Duration interval, Runnable action) {
    long nanos = interval.toNanos();
    return timer(timers.scheduleWithFixedDelay(guard(action), nanos, nanos, TimeUnit.NANOSECONDS));
  }

  @Override
  public Threads threads() {
    return threads;
  }

  /**
   * Catches what escapes from an action, which would otherwise be forgotten and end its repetition.
   */
  private static Runnable guard(Runnable action) {
    return () -> {
      try {
        action.run();
      } catch (RuntimeException | Error e) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
      }
    };
  }

  private static Timer timer(ScheduledFuture<?> future) {
    return () -> future.cancel(false);
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }

  /** Threads of the operating system. */
  static final class SystemThreads implements Threads {

    @Override
    public Worker thread(String name, Runnable body) {
      return new SystemWorker(make(name, false, body));
    }

    @Override
    public Worker daemon(String name, Runnable body) {
      return new SystemWorker(make(name, true, body));
    }

    /** Makes a thread of its own kind, which would else be that of the thread that makes it. */
    static Thread make(String name, boolean isDaemon, Runnable body) {
      Thread thread = new Thread(body, name);
      thread.setDaemon(isDaemon);
      return thread;
    }

    @Override
    public ExecutorService pool(String name, int size, Duration idle) {
      return pool(name, false, size, idle);
    }

    @Override
    public ExecutorService daemonPool(String name, int size, Duration idle) {
      return pool(name, true, size, idle);
    }

    private static ExecutorService pool(String name, boolean isDaemon, int size, Duration idle) {
      AtomicInteger number = new AtomicInteger();
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              size,
              size,
              idle.toNanos(),
              TimeUnit.NANOSECONDS,
              new LinkedBlockingQueue<>(),
              work ->
                  make(name.endsWith("-") ? name + number.incrementAndGet() : name, isDaemon, work),
              new ThreadPoolExecutor.DiscardPolicy());
      pool.allowCoreThreadTimeOut(true);
      return pool;
    }

    @Override
    public <T> BlockingQueue<T> queue() {
      return new LinkedBlockingQueue<>();
    }

    @Override
    public Lock lock() {
      return new ReentrantLock();
    }

    // The caller has the loop.
    @SuppressWarnings("WaitNotInLoop")
    @Override
    public void await(Object monitor) throws InterruptedException {
      monitor.wait();
    }

    @Override
    public void await(Object monitor, Duration limit) throws InterruptedException {
      TimeUnit.NANOSECONDS.timedWait(monitor, limit.toNanos());
    }

    @Override
    public void wake(Object monitor) {
      monitor.notifyAll();
    }

    @Override
    public <T> T await(Future<T> result) throws InterruptedException, ExecutionException {
      return result.get();
    }

    private record SystemWorker(Thread thread) implements Worker {
      @Override
      public void start() {
        thread.start();
      }

      @Override
      public void interrupt() {
        thread.interrupt();
      }

      @Override
      public boolean isAlive() {
        return thread.isAlive();
      }

      @Override
      public boolean isCurrent() {
        return Thread.currentThread() == thread;
      }

      @Override
      public void join(Duration limit) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedJoin(thread, limit.toNanos());
      }
    }
  }
}
