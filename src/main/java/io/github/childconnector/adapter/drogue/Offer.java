package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.drogue.DeliveryRules.Step;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.adapter.endpoint.OfferEnd;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.FailureCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** An image for a device, from the first status until one shows what came of it. */
final class Offer {
  private static final Duration LONGEST_SILENCE = Duration.ofHours(1);

  private final DeliveryFile file;
  private final DeliveryRules rules;
  private final FirmwareImage image;
  private final Progress progress;
  private final OfferEnd end;
  private volatile boolean isHeardSince;
  private DeliveryState known;
  private Optional<SentImage> sent = Optional.empty();

  /** Offers an image, by the rules that the file of its delivery has. */
  Offer(DeliveryFile file, FirmwareImage image, Progress progress, OfferEnd end) {
    this.file = file;
    this.rules = file.rules();
    this.image = image;
    this.progress = progress;
    this.end = end;
    this.known = file.delivery();
    if (known.delivered() > 0) {
      // It may sleep before it goes on.
      end.expect();
    }
  }

  /** Returns what the device is told; called by one thread at a time. */
  DfuCommand answer(Status status) {
    end.heard();
    isHeardSince = true;
    try {
      return end.isOver() ? DfuCommand.sync(status) : proceed(status);
    } catch (IOException e) {
      end.fail(
          FailureCode.STORAGE_FAILED, "The update cannot go on: " + FileTrouble.sentence(e) + ".");
      return DfuCommand.sync(status);
    }
  }

  /** Keeps what is done before it is said. */
  private DfuCommand proceed(Status status) throws IOException {
    Step step = rules.after(status, known);
    DfuCommand command =
        switch (step.action()) {
          case WRITE -> write(step, status);
          case SWAP -> swap(step, status);
          case SYNC -> sync(step, status);
          case ASK -> ask(step, status);
          case DONE -> done(status);
          case FAIL -> fail(step, status);
        };
    known = step.delivery();
    return command;
  }

  private DfuCommand write(Step step, Status status) throws IOException {
    ByteBuffer block = sent().read(step.offset(), step.length());
    file.keep(step.delivery());
    tellOfWrite(step);
    return new DfuCommand.Write(rules.target(), status.correlationId(), step.offset(), block);
  }

  private SentImage sent() throws IOException {
    SentImage opened = sent.isPresent() ? sent.get() : SentImage.open(image, rules.blocks());
    sent = Optional.of(opened);
    return opened;
  }

  private DfuCommand swap(Step step, Status status) throws IOException {
    ByteBuffer digest = ByteBuffer.wrap(HexFormat.of().parseHex(sent().digest().hex()));
    file.keep(step.delivery());
    progress.percent(100);
    progress.step(Progress.Step.ATTACH);
    return new DfuCommand.Swap(rules.target(), status.correlationId(), digest);
  }

  private DfuCommand sync(Step step, Status status) throws IOException {
    file.keep(step.delivery());
    progress.message(
        "The device runs "
            + status.version()
            + ", is told to keep that, and then gets the image from its beginning");
    return DfuCommand.sync(status);
  }

  private DfuCommand ask(Step step, Status status) throws IOException {
    file.keep(step.delivery());
    progress.message(
        "The device claims to have what was not sent to it; it is asked once more what it has");
    return DfuCommand.sync(status, DfuDevice.AGAIN);
  }

  private DfuCommand done(Status status) {
    forget();
    end.succeed();
    return DfuCommand.sync(status);
  }

  private DfuCommand fail(Step step, Status status) throws IOException {
    file.keep(step.delivery());
    end.fail(FailureCode.INSTALL_FAILED, step.sentence());
    return DfuCommand.sync(status);
  }

  /** Removes the record; one that stays makes the next update send one word too many. */
  private void forget() {
    try {
      file.remove();
    } catch (IOException e) {
      progress.message("The record of the update stays: " + FileTrouble.sentence(e));
    }
  }

  private void tellOfWrite(Step write) {
    if (write.offset() == 0) {
      progress.step(Progress.Step.WRITE);
    }
    if (write.delivery().losses() > known.losses()) {
      progress.message("The device was restarted in the middle and begins again");
    }
    if (write.delivery().doubts() > known.doubts()) {
      progress.message("The device claims to have what was not sent to it; it has to begin again");
    }
    progress.percent((int) (write.offset() * 100 / rules.size()));
  }

  /** The end of the offer; the device is heard when it says anything. */
  OfferEnd end() {
    return end;
  }

  /**
   * Notes from now on when the device is silent, which may sleep for hours.
   *
   * @param notice after such a silence that is noted first; then each time after twice as long
   */
  Watch watch(MonotonicClock clock, Duration notice) {
    return new Watch(clock, notice);
  }

  /** A watch over the silence of the device, until it is closed. */
  final class Watch {
    private final MonotonicClock clock;
    private Duration silence;
    private MonotonicClock.Timer timer;
    private boolean isClosed;

    private Watch(MonotonicClock clock, Duration notice) {
      this.clock = clock;
      this.silence = notice;
      this.timer = clock.schedule(notice, this::look);
    }

    private void look() {
      if (end.isHeard() && !isHeardSince && !end.isOver()) {
        progress.message(
            "The device has said nothing for " + DurationText.write(silence) + "; it may sleep");
        silence = Collections.min(List.of(silence.multipliedBy(2), LONGEST_SILENCE));
      }
      isHeardSince = false;
      goOn();
    }

    private synchronized void goOn() {
      if (!isClosed) {
        timer = clock.schedule(silence, this::look);
      }
    }

    synchronized void close() {
      isClosed = true;
      timer.cancel();
    }
  }
}
