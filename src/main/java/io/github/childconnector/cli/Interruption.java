package io.github.childconnector.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a thread end in order when the process is told to stop, as by Ctrl-C: it is interrupted, and
 * the process waits until it has ended what it started.
 */
final class Interruption implements AutoCloseable {
  /** A little longer than programs may take to end, which is a minute. */
  private static final int LONGEST_SECONDS = 80;

  private final Thread worker = Thread.currentThread();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "interruption");

  private volatile boolean asked;

  private Interruption() {}

  /** Watches over the calling thread from now on. */
  static Interruption ofThisThread() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  boolean isAsked() {
    return asked;
  }

  private void stop() {
    asked = true;
    worker.interrupt();
    try {
      boolean unused = ended.await(LONGEST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it is at work, and lets the process end now
    }
  }
}
