package io.github.childconnector.systemd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Remembers what systemd was told; the first message is kept back until {@link #release}. */
final class RecordingChannel implements ServiceNotifier.Channel {
  private final List<List<String>> messages = new ArrayList<>();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  @Override
  public void send(List<String> assignments) throws InterruptedException {
    begun.countDown();
    released.await();
    synchronized (this) {
      messages.add(assignments);
    }
  }

  /** Returns when the first message is on its way. */
  void awaitFirst() throws InterruptedException {
    begun.await();
  }

  /** Lets every message through. */
  void release() {
    released.countDown();
  }

  synchronized List<List<String>> messages() {
    return List.copyOf(messages);
  }
}
