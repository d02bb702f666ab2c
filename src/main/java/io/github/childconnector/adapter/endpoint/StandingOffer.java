package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.adapter.DeviceAdapter.Offering;
import io.github.childconnector.adapter.DeviceAdapter.Offering.Standing;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** An offer to a device at a place that children share, which it holds until it is closed. */
public final class StandingOffer implements Standing {
  /**
   * A device that has shown nothing of itself for so long is not being written: longer than it
   * takes to send a piece, and shorter than the pause between two polls.
   */
  static final Duration LULL = Duration.ofSeconds(10);

  private final OfferEnd end;
  private final Terms terms;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /**
   * The things that families do differently.
   *
   * @param withdraw offers it no longer unless the device has come; tells whether it has not
   * @param silence what is known of a device that does not come
   * @param close offers it no longer, and lets go of the device
   */
  public record Terms(BooleanSupplier withdraw, Supplier<String> silence, Runnable close) {}

  /** The beginning of an offer. */
  public interface Beginning {
    /** Offers an image, as {@link Offering#offer} has it. */
    StandingOffer begin(Installation installation, Progress progress, Runnable news)
        throws UpdateException, InterruptedException;
  }

  /** Offers that begin so, and wait for the device to come at all for as long as this. */
  public static Offering offering(Duration patience, Beginning beginning) {
    return new Offering() {
      @Override
      public Duration patience() {
        return patience;
      }

      @Override
      public Standing offer(Installation installation, Progress progress, Runnable news)
          throws UpdateException, InterruptedException {
        return beginning.begin(installation, progress, news);
      }
    };
  }

  /** An offer that has begun, and ends as this says. */
  public StandingOffer(OfferEnd end, Terms terms) {
    this.end = end;
    this.terms = terms;
  }

  /**
   * Waits in this thread for what becomes of it, and closes it.
   *
   * @param patience how long the device is waited for at all
   */
  public void await(Duration patience)
      throws DeviceBusyException, UpdateException, InterruptedException {
    try (this) {
      if (!end.awaitHeard(patience) && withdraw()) {
        throw new DeviceBusyException(silence());
      }
      end.await();
    }
  }

  @Override
  public boolean isHeard() {
    return end.isHeard();
  }

  @Override
  public boolean isOver() {
    return end.isOver();
  }

  @Override
  public boolean isWriting() {
    return !isOver() && end.isHeardWithin(LULL);
  }

  @Override
  public boolean withdraw() {
    boolean isWithdrawn = terms.withdraw().getAsBoolean();
    if (isWithdrawn) {
      close();
    }
    return isWithdrawn;
  }

  @Override
  public String silence() {
    return terms.silence().get();
  }

  @Override
  public void requireSuccess() throws UpdateException {
    end.requireSuccess();
  }

  @Override
  public void close() {
    if (!isClosed.getAndSet(true)) {
      terms.close().run();
    }
  }
}
