package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.endpoint.OfferEnd;
import io.github.childconnector.adapter.fuota.management.OfferedImage;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An image for a device, from its first poll until a poll shows what came of it. A device that has
 * fetched all of it and polls with its old version again gets it once more, but not for ever.
 */
final class Offer implements OfferedImage {
  private final Installation installation;
  private final Progress progress;
  private final OfferEnd end;
  private Optional<String> old = Optional.empty();
  private final AtomicBoolean isTaken = new AtomicBoolean();
  private int refusals;

  Offer(Installation installation, Progress progress, OfferEnd end) {
    this.installation = installation;
    this.progress = progress;
    this.end = end;
  }

  @Override
  public Path path() {
    return installation.image().path();
  }

  @Override
  public long size() {
    return installation.image().size();
  }

  @Override
  public Sha256 digest() {
    return installation.image().digest();
  }

  @Override
  public void spoilt(IOException why) {
    Failure failure = ChangedImageException.failure(installation.image(), why).failure();
    end.fail(failure.code(), failure.sentence());
  }

  private String wanted() {
    return installation.update().firmware().version().strip();
  }

  @Override
  public Optional<String> poll(String version) {
    end.heard();
    if (version.equals(wanted())) {
      end.succeed();
    } else if (isTaken.getAndSet(false)) {
      judge(version);
    } else {
      old = Optional.of(version);
    }
    return end.isOver() ? Optional.empty() : Optional.of(file());
  }

  /** After all of it was fetched, another version than the wanted one is a failed try. */
  private void judge(String version) {
    refusals++;
    if (!old.equals(Optional.of(version))) {
      fail(
          "The device took the image and now polls with version %s instead of %s. Build the firmware with OTA_VERSION %s, or give it version %s in the cloud."
              .formatted(version, wanted(), wanted(), version));
    } else if (refusals == MAX_TRIES) {
      fail(
          "The device took the image %d times and still polls with version %s. It refuses the image (see its serial log), or the image was built with OTA_VERSION %s, or the download was cut off near its end (look at its network)."
              .formatted(refusals, version, version));
    } else {
      progress.message("The device polls with its old version again; the image is offered again");
    }
  }

  private void fail(String sentence) {
    end.fail(FailureCode.INSTALL_FAILED, sentence);
  }

  @Override
  public void begun() {
    progress.step(Progress.Step.WRITE);
  }

  @Override
  public void sent(long bytes) {
    end.heard();
    progress.percent((int) (bytes * 100 / Math.max(1, installation.image().size())));
  }

  /** The next poll tells what the device makes of it, and may end all that is told of it. */
  @Override
  public void taken() {
    progress.step(Progress.Step.ATTACH);
    isTaken.set(true);
  }

  /** The end of the offer; the device is heard when it polls. */
  OfferEnd end() {
    return end;
  }
}
