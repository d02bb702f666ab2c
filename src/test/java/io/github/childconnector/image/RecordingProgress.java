package io.github.childconnector.image;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Remembers how far a download was, and lets others wait until it is so far. */
final class RecordingProgress implements FetchProgress {
  private final List<Long> seen = new ArrayList<>();
  private OptionalLong total = OptionalLong.empty();

  @Override
  public synchronized void bytes(long done, OptionalLong newTotal) {
    seen.add(done);
    total = newTotal;
    notifyAll();
  }

  synchronized void await(long bytes) throws InterruptedException {
    while (!seen.contains(bytes)) {
      wait();
    }
  }

  synchronized List<Long> seen() {
    return List.copyOf(seen);
  }

  synchronized OptionalLong total() {
    return total;
  }
}
