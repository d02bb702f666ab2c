package io.github.childconnector.systemd;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.MonotonicClock.Timer;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Tells systemd's watchdog that the service is alive for as long as it is; systemd restarts a
 * service that it does not hear from. Does nothing where there is no watchdog.
 */
public final class Liveness implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Liveness.class.getName());

  private final ServiceNotifier notifier;
  private final BooleanSupplier alive;
  private final Optional<Timer> timer;
  private boolean wasAlive = true;

  private Liveness(ServiceNotifier notifier, MonotonicClock clock, BooleanSupplier alive) {
    this.notifier = notifier;
    this.alive = alive;
    this.timer = notifier.watchdogInterval().map(pause -> clock.repeat(pause, this::check));
  }

  /**
   * Begins to ask.
   *
   * @param alive whether the service does its work; asked on the clock's thread, so it must be
   *     quick. To throw means no.
   */
  public static Liveness watch(
      ServiceNotifier notifier, MonotonicClock clock, BooleanSupplier alive) {
    return new Liveness(notifier, clock, alive);
  }

  private void check() {
    boolean isAlive = isAlive();
    if (isAlive) {
      notifier.watchdog();
    } else if (wasAlive) {
      LOG.log(
          Level.ERROR, "The connector no longer does its work; systemd's watchdog will restart it");
    }
    wasAlive = isAlive;
  }

  private boolean isAlive() {
    try {
      return alive.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "The question whether the connector is alive failed", e);
      return false;
    }
  }

  /** Says no more. */
  @Override
  public void close() {
    timer.ifPresent(Timer::cancel);
  }
}
