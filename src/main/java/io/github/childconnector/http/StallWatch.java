package io.github.childconnector.http;

import io.github.childconnector.clock.MonotonicClock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * Ends one connection that stands still for too long, which the HTTP client itself does not do once
 * it is made. Only time spent waiting for the network is a stall: a slow disk is no fault of the
 * server.
 *
 * <p>Somebody has to {@link #look} from time to time; a {@link #timed} watch does so itself.
 */
public final class StallWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final MonotonicClock clock;
  private final Function<Duration, Optional<String>> rule;
  private MonotonicClock.Timer timer = () -> {};
  private Runnable end = () -> {};
  private boolean waiting;
  private long since;
  private Optional<String> verdict = Optional.empty();

  /**
   * A watch over a connection.
   *
   * @param rule is told how long nothing has come (zero where nothing is waited for), and returns
   *     why the connection has to end, as the end of a sentence; empty where it may go on
   */
  public StallWatch(MonotonicClock clock, Function<Duration, Optional<String>> rule) {
    this.clock = clock;
    this.rule = rule;
  }

  /** A watch that looks once a second until it is closed. */
  public static StallWatch timed(MonotonicClock clock, Function<Duration, Optional<String>> rule) {
    StallWatch watch = new StallWatch(clock, rule);
    watch.timer = clock.repeat(INTERVAL, watch::look);
    return watch;
  }

  /** Says what ends the connection; it is run at once where the verdict has been given. */
  public synchronized void guard(Runnable ending) {
    end = ending;
    if (verdict.isPresent()) {
      end.run();
    }
  }

  /** Begins to measure: from now on, the network is waited for. */
  public synchronized void waiting() {
    waiting = true;
    since = clock.nanoTime();
  }

  /** Something came, and for now nothing more is waited for. */
  public synchronized void arrived() {
    waiting = false;
  }

  /** Ends the connection if the rule says so. */
  public synchronized void look() {
    if (verdict.isEmpty()) {
      verdict = rule.apply(waited());
      if (verdict.isPresent()) {
        end.run();
      }
    }
  }

  private Duration waited() {
    return waiting ? Duration.ofNanos(clock.nanoTime() - since) : Duration.ZERO;
  }

  /** Why this watch has ended the connection, as the end of a sentence; empty if it has not. */
  public synchronized Optional<String> verdict() {
    return verdict;
  }

  @Override
  public void close() {
    timer.cancel();
  }
}
