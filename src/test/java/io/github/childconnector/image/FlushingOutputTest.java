package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.image.PartFile.FlushingOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FlushingOutputTest {
  private static final byte[] MEGABYTE = new byte[1 << 20];

  /** Writes down what is done to it; its forces wait for a latch. */
  private static final class SlowOutput implements Disk.Output {
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch mayForce = new CountDownLatch(1);
    private volatile String fault = "";
    private volatile boolean unchecked;

    @Override
    public void write(byte[] bytes, int length) {
      done.add("write");
    }

    @Override
    public void force() throws IOException {
      awaitPermission();
      String failing = fault;
      done.add("force");
      if (unchecked && !failing.isEmpty()) {
        throw new IllegalStateException(failing);
      }
      if (!failing.isEmpty()) {
        throw new IOException(failing);
      }
    }

    private void awaitPermission() {
      try {
        mayForce.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void close() {
      done.add("close");
    }
  }

  private static void write(Disk.Output output, int megabytes) throws IOException {
    for (int i = 0; i < megabytes; i++) {
      output.write(MEGABYTE, MEGABYTE.length);
    }
  }

  @Test
  void writingGoesOnWhileTheDiskIsBusy() throws IOException {
    SlowOutput slow = new SlowOutput();
    try (FlushingOutput output = new FlushingOutput(slow, FakeClock.standing().threads())) {
      write(output, 100);
      assertThat(slow.done).hasSize(100).containsOnly("write");
      slow.mayForce.countDown();
      await().until(() -> slow.done.contains("force"));
      output.force();
      assertThat(slow.done).endsWith("force");
    }
    assertThat(slow.done).endsWith("force", "close");
  }

  @Test
  void aSmallFileIsForcedOnce() throws IOException {
    SlowOutput slow = new SlowOutput();
    slow.mayForce.countDown();
    try (FlushingOutput output = new FlushingOutput(slow, FakeClock.standing().threads())) {
      write(output, 15);
      output.force();
    }
    assertThat(slow.done.stream().filter("force"::equals)).hasSize(1);
  }

  @Test
  void whatFailedMeanwhileIsNotForgotten() throws IOException {
    SlowOutput slow = new SlowOutput();
    slow.fault = "the card is worn out";
    slow.mayForce.countDown();
    FlushingOutput output = new FlushingOutput(slow, FakeClock.standing().threads());
    write(output, 16);
    await().until(() -> slow.done.contains("force"));
    slow.fault = "";
    await().untilAsserted(() -> assertIsWorn(() -> write(output, 1)));
    assertIsWorn(output::force);
    assertIsWorn(output::close);
    assertThat(slow.done).endsWith("close");
  }

  @Test
  void aFaultMeanwhileIsNotForgottenEither() throws IOException {
    SlowOutput slow = new SlowOutput();
    slow.fault = "the buffer is worn";
    slow.unchecked = true;
    slow.mayForce.countDown();
    FlushingOutput output = new FlushingOutput(slow, FakeClock.standing().threads());
    write(output, 16);
    await().until(() -> slow.done.contains("force"));
    slow.fault = "";
    assertIsWorn(output::force);
    assertIsWorn(output::close);
    assertThat(slow.done).endsWith("close");
  }

  private static void assertIsWorn(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(IOException.class).hasMessageContaining("worn");
  }
}
