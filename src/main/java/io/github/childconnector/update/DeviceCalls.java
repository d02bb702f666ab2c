package io.github.childconnector.update;

import io.github.childconnector.adapter.DeviceAdapter.Commitment;
import io.github.childconnector.adapter.DeviceAdapter.Offering;
import io.github.childconnector.adapter.DeviceAdapter.Rollback;
import io.github.childconnector.adapter.DeviceAdapter.VersionReader;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.operation.VersionText;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/**
 * Calls a child's adapter, each time no longer than the child allows: when the limit is up the
 * calling thread is interrupted, and that interrupt is told from the one by which the connector
 * stops, which stays an InterruptedException.
 *
 * @param child whose adapter is called
 * @param clock on which each call is bounded
 */
public record DeviceCalls(Child child, MonotonicClock clock) {

  /** A call that is bounded. */
  public interface Call<T, E extends Exception> {
    /** Works until it is done, or until it is interrupted. */
    T run() throws UpdateException, InterruptedException, E;
  }

  /**
   * The answer of a device.
   *
   * @param isWanted whether it runs the version of the update
   * @param sentence what it runs, or why that is not known
   */
  record Reading(boolean isWanted, String sentence) {}

  /** Whether anybody can see which version the device runs. */
  public boolean canSee() {
    return child.adapter().versionReader().isPresent();
  }

  /** Installs an image within what is left of {@code install_timeout}. */
  public void install(Installation installation, Progress progress, Duration rest)
      throws TimeoutException, DeviceBusyException, UpdateException, InterruptedException {
    this.<Boolean, DeviceBusyException>within(
        rest,
        () -> {
          child.adapter().install(installation, progress);
          return true;
        });
  }

  /** Begins to offer an image within {@code install_timeout}. */
  Offering.Standing offer(
      Offering offering, Installation installation, Progress progress, Runnable news)
      throws TimeoutException, UpdateException, InterruptedException {
    return within(child.installTimeout(), () -> offering.offer(installation, progress, news));
  }

  /** Reads the version within {@code version_timeout}; empty where nobody can see it. */
  public Optional<String> readVersion(FirmwareUpdate update)
      throws TimeoutException, UpdateException, InterruptedException {
    Optional<VersionReader> reader = child.adapter().versionReader();
    return reader.isEmpty()
        ? Optional.empty()
        : Optional.of(within(child.versionTimeout(), () -> reader.get().readVersion(update)));
  }

  /**
   * Makes an installation final within what is left of {@code install_timeout}, where the adapter
   * needs that.
   */
  public void commit(FirmwareUpdate update, Progress progress, Duration rest)
      throws TimeoutException, UpdateException, InterruptedException {
    Optional<Commitment> commitment = child.adapter().commitment();
    if (commitment.isPresent()) {
      within(
          rest,
          () -> {
            commitment.get().commit(update, progress);
            return true;
          });
    }
  }

  /** Restores the old firmware within {@code install_timeout}; empty where there is no way back. */
  public Optional<Rollback.Result> restore(FirmwareUpdate update, Progress progress)
      throws TimeoutException, UpdateException, InterruptedException {
    Optional<Rollback> rollback = child.adapter().rollback();
    return rollback.isEmpty()
        ? Optional.empty()
        : Optional.of(
            within(child.installTimeout(), () -> rollback.get().restore(update, progress)));
  }

  /**
   * Ends within {@code install_timeout} what an earlier process has left at work: a flasher may
   * outlive the connector that started it, and two must never be at one device.
   */
  public void endLeftovers(FirmwareUpdate update)
      throws TimeoutException, DeviceBusyException, UpdateException, InterruptedException {
    this.<Boolean, DeviceBusyException>within(
        child.installTimeout(),
        () -> {
          child.adapter().endLeftovers(update);
          return true;
        });
  }

  /** Returns within {@code install_timeout} if nothing is known to be left at work. */
  void requireNoLeftovers(FirmwareUpdate update)
      throws TimeoutException, DeviceBusyException, UpdateException, InterruptedException {
    this.<Boolean, DeviceBusyException>within(
        child.installTimeout(),
        () -> {
          child.adapter().requireNoLeftovers(update);
          return true;
        });
  }

  /** Asks once whether the device runs the version of an update; empty where nobody can see it. */
  Optional<Reading> ask(FirmwareUpdate update) throws InterruptedException {
    try {
      return readVersion(update).map(version -> reading(version, update));
    } catch (UpdateException e) {
      return Optional.of(new Reading(false, e.failure().sentence()));
    } catch (TimeoutException e) {
      String limit = DurationText.write(child.versionTimeout());
      return Optional.of(
          new Reading(
              false, "Reading the version took longer than version_timeout (" + limit + ")."));
    }
  }

  private static Reading reading(String version, FirmwareUpdate update) {
    String wanted = update.firmware().version();
    if (VersionText.isSame(version, wanted)) {
      return new Reading(true, "The device runs " + wanted.strip() + ".");
    }
    String shown = VersionText.shown(version.strip());
    String other = VersionText.shown(wanted.strip());
    // They may look alike.
    boolean isPlain = other.equals(wanted.strip()) && shown.equals(version.strip());
    return new Reading(
        false, "The device runs " + shown + (isPlain ? "." : ", and not " + other + "."));
  }

  /**
   * A failure, and what the device runs now where that can be seen. Why it cannot be seen is left
   * out: a reason has little room, and that of the failure comes first.
   */
  Failure describe(FirmwareUpdate update, Failure failure) throws InterruptedException {
    try {
      return readVersion(update)
          .map(version -> failure.with(reading(version, update).sentence()))
          .orElse(failure);
    } catch (UpdateException | TimeoutException e) {
      return failure.with("Which version it runs now could not be read.");
    }
  }

  /**
   * Runs a call in this thread.
   *
   * @throws TimeoutException the limit was up before the call had ended, and it was interrupted, or
   *     before it had begun
   */
  public <T, E extends Exception> T within(Duration limit, Call<T, E> call)
      throws TimeoutException, UpdateException, InterruptedException, E {
    if (limit.isZero()) {
      throw new TimeoutException("There was no time left for it.");
    }
    Watch watch = new Watch(Thread.currentThread());
    MonotonicClock.Timer timer = clock.schedule(limit, watch::expire);
    try {
      return call.run();
    } catch (InterruptedException e) {
      if (watch.isExpired()) {
        throw new TimeoutException(
            "It took longer than " + DurationText.write(limit) + " and was stopped.");
      }
      throw e;
    } finally {
      timer.cancel();
      watch.end();
    }
  }

  private static final class Watch {
    private final Thread thread;
    private boolean expired;
    private boolean ended;

    private Watch(Thread thread) {
      this.thread = thread;
    }

    private synchronized void expire() {
      if (!ended) {
        expired = true;
        thread.interrupt();
      }
    }

    private synchronized boolean isExpired() {
      return expired;
    }

    /** Frees the thread of our interrupt, whether the call has noticed it or not. */
    private synchronized void end() {
      ended = true;
      if (expired) {
        Thread.interrupted();
      }
    }
  }
}
