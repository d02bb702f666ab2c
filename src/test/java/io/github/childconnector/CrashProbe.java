package io.github.childconnector;

import io.github.childconnector.log.Severity;
import java.util.concurrent.CountDownLatch;

/** A daemon one of whose threads ends by an exception; it would stay for ever if it could. */
final class CrashProbe {
  private CrashProbe() {}

  public static void main(String[] arguments) throws InterruptedException {
    Main.prepare(Severity.INFO);
    Thread worker = new Thread(CrashProbe::crash, "worker");
    // A stop that waits for the thread which caused it must not wait for ever.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> join(worker)));
    worker.start();
    new CountDownLatch(1).await();
  }

  private static void crash() {
    throw new IllegalStateException("boom");
  }

  private static void join(Thread worker) {
    try {
      worker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
