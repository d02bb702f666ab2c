package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One image for one device, from the first status until one shows what came of it. */
final class Offer {
  private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

  private final Transfer transfer;
  private final DeliveryFile file;
  private final ImageBlocks image;
  private final ByteBuffer digest;
  private final Progress progress;
  private final CountDownLatch heard = new CountDownLatch(1);
  private final CompletableFuture<Boolean> end = new CompletableFuture<>();
  private volatile boolean isHeardSince;
  private Delivery known;

  /**
   * Offers an image.
   *
   * @param digest of the image without its padding
   */
  Offer(Transfer transfer, DeliveryFile file, ImageBlocks image, Sha256 digest, Progress progress) {
    this.transfer = transfer;
    this.file = file;
    this.image = image;
    this.digest = ByteBuffer.wrap(HexFormat.of().parseHex(digest.hex()));
    this.progress = progress;
    this.known = file.delivery();
  }

  /** Whether the device has got something of the image already, and may sleep before it goes on. */
  synchronized boolean isBegun() {
    return file.delivery().delivered() > 0;
  }

  /** What the device is told. */
  synchronized DfuCommand answer(Status status) {
    heard.countDown();
    isHeardSince = true;
    try {
      return end.isDone() ? DfuCommand.sync(status) : proceed(status);
    } catch (IOException e) {
      fail(FailureCode.STORAGE_FAILED, "The update cannot go on: " + FileTrouble.sentence(e) + ".");
      return DfuCommand.sync(status);
    }
  }

  private DfuCommand proceed(Status status) throws IOException {
    Step step = transfer.after(status, known);
    DfuCommand command = command(step, status);
    if (step instanceof Step.Done) {
      forget();
    } else {
      file.keep(step.delivery());
    }
    tell(step, status);
    known = step.delivery();
    return command;
  }

  /** What is left of it makes the next update send one word too many, and is no failure. */
  private void forget() {
    try {
      file.remove();
    } catch (IOException e) {
      progress.message("The record of the update stays: " + FileTrouble.sentence(e));
    }
  }

  private DfuCommand command(Step step, Status status) throws IOException {
    if (step instanceof Step.Write write) {
      ByteBuffer block = image.read(write.offset(), write.length());
      return new DfuCommand.Write(transfer.target(), status.correlationId(), write.offset(), block);
    }
    return step instanceof Step.Swap
        ? new DfuCommand.Swap(transfer.target(), status.correlationId(), digest)
        : DfuCommand.sync(status);
  }

  private void tell(Step step, Status status) {
    if (step instanceof Step.Write write) {
      tellOfWrite(write);
    } else if (step instanceof Step.Swap) {
      progress.percent(100);
      progress.step(Progress.Step.ATTACH);
    } else if (step instanceof Step.Done) {
      end.complete(true);
    } else if (step instanceof Step.Failed failed) {
      fail(FailureCode.INSTALL_FAILED, failed.sentence());
    } else {
      progress.message(
          "The device runs "
              + status.version()
              + ", is told to keep that, and then gets the image from its beginning");
    }
  }

  private void tellOfWrite(Step.Write write) {
    if (write.offset() == 0) {
      progress.step(Progress.Step.WRITE);
    }
    if (write.delivery().losses() > known.losses()) {
      progress.message("The device was restarted in the middle and begins again");
    }
    if (write.delivery().doubts() > known.doubts()) {
      progress.message("The device claims to have what was not sent to it; it has to begin again");
    }
    progress.percent((int) (write.offset() * 100 / transfer.size()));
  }

  private void fail(FailureCode code, String sentence) {
    end.completeExceptionally(new UpdateException(code, sentence));
  }

  /** Whether the device has shown that it runs the version. */
  boolean isInstalled() {
    return end.isDone() && !end.isCompletedExceptionally();
  }

  /** Whether the device has said anything since this is offered. */
  boolean isHeard() {
    return heard.getCount() == 0;
  }

  /** Whether the device says anything within this time. */
  boolean awaitStatus(Duration limit) throws InterruptedException {
    return heard.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Returns when the device runs the version. One that sleeps for hours is waited for.
   *
   * @param notice after such a silence it is noted that the device is silent
   */
  void awaitEnd(Duration notice) throws UpdateException, InterruptedException {
    Duration silence = notice;
    while (!isEnded(silence)) {
      if (!isHeardSince) {
        progress.message(
            "The device has said nothing for " + DurationText.write(silence) + "; it may sleep");
        silence = min(silence.multipliedBy(2), LONGEST_SILENCE);
      }
      isHeardSince = false;
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private boolean isEnded(Duration limit) throws UpdateException, InterruptedException {
    try {
      return end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UpdateException told
          ? told
          : new UpdateException(FailureCode.INTERNAL_ERROR, e.toString(), e);
    }
  }
}
