package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceAdapter.Offering;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.Optional;

/** Offers images to a device that comes when its test says so. */
final class ScriptedOffering implements Offering {
  static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ScriptedAdapter device;
  private Optional<Held> standing = Optional.empty();
  private int offers;
  volatile Optional<UpdateException> refusal = Optional.empty();

  private ScriptedOffering(ScriptedAdapter device) {
    this.device = device;
  }

  /** Lets a device come by itself from now on. */
  static ScriptedOffering of(ScriptedAdapter device) {
    ScriptedOffering offering = new ScriptedOffering(device);
    device.offering = Optional.of(offering);
    return offering;
  }

  private static final class Held implements Standing {
    private final Installation installation;
    private final Runnable news;
    private volatile boolean isHeard;
    private volatile boolean isWriting;
    private volatile boolean isOver;
    private volatile boolean isClosed;
    private volatile Optional<UpdateException> failure = Optional.empty();

    private Held(Installation installation, Runnable news) {
      this.installation = installation;
      this.news = news;
    }

    @Override
    public boolean isHeard() {
      return isHeard;
    }

    @Override
    public boolean isOver() {
      return isOver;
    }

    @Override
    public boolean isWriting() {
      return isWriting;
    }

    @Override
    public boolean withdraw() {
      isClosed |= !isHeard;
      return isClosed;
    }

    @Override
    public String silence() {
      return "it has not polled for 5m";
    }

    @Override
    public void requireSuccess() throws UpdateException {
      if (failure.isPresent()) {
        throw failure.get();
      }
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  @Override
  public Duration patience() {
    return PATIENCE;
  }

  @Override
  public Standing offer(Installation installation, Progress progress, Runnable news)
      throws UpdateException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    offers++;
    Held next = new Held(installation, news);
    standing = Optional.of(next);
    return next;
  }

  /** How often an image was offered. */
  int offers() {
    return offers;
  }

  /** Whether an image is offered at the moment. */
  boolean isStanding() {
    return standing.filter(offer -> !offer.isClosed).isPresent();
  }

  private Held open() {
    return standing.filter(offer -> !offer.isClosed).orElseThrow();
  }

  /** The device comes, and begins to take the image or not. */
  void come(boolean isWriting) {
    Held offer = open();
    offer.isHeard = true;
    offer.isWriting = isWriting;
    offer.news.run();
  }

  /** The device runs the new version. */
  void take() {
    Held offer = open();
    offer.isHeard = true;
    device.takeIt(offer.installation);
    end(offer);
  }

  /** The device refuses the image. */
  void refuse() {
    Held offer = open();
    offer.isHeard = true;
    offer.failure =
        Optional.of(new UpdateException(FailureCode.INSTALL_FAILED, "It took it in vain."));
    end(offer);
  }

  private static void end(Held offer) {
    offer.isWriting = false;
    offer.isOver = true;
    offer.news.run();
  }
}
