package io.github.childconnector.world;

import io.github.childconnector.disk.ForwardingDisk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A disk on which the files of one name are not begun until it is released. */
public final class HoldingDisk extends ForwardingDisk {
  private final String part;
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  /** Holds the files that have {@code part} in their names. */
  HoldingDisk(String part) {
    this.part = part;
  }

  boolean isHolding() {
    return entered.getCount() == 0;
  }

  public void release() {
    released.countDown();
  }

  @Override
  public Output create(Path file) throws IOException {
    if (String.valueOf(file.getFileName()).contains(part)) {
      entered.countDown();
      awaitRelease();
    }
    return super.create(file);
  }

  private void awaitRelease() throws InterruptedIOException {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }
}
