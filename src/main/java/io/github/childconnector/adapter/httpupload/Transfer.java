package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.httpupload.HttpUploadSettings.Limits;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import java.time.Duration;
import java.util.function.IntConsumer;

/**
 * How far a request has come, and whether it has stood still for too long; the HTTP client itself
 * bounds neither the sending nor the answer.
 */
final class Transfer {
  private final MonotonicClock clock;
  private final long total;
  private final IntConsumer percent;
  private final Duration stallLimit;
  private final Duration answerLimit;
  private long sent;
  private boolean complete;
  private long since;

  private Transfer(MonotonicClock clock, long total, Limits limits, IntConsumer percent) {
    this.clock = clock;
    this.total = total;
    this.percent = percent;
    this.complete = total == 0;
    this.stallLimit = limits.stall();
    this.answerLimit = complete ? limits.stall() : limits.answer();
    this.since = clock.nanoTime();
  }

  /** Of a body with this many bytes; {@code percent} is told how far it is. */
  static Transfer of(long total, Limits limits, MonotonicClock clock, IntConsumer percent) {
    return new Transfer(clock, total, limits, percent);
  }

  /** Of a question without a body. */
  static Transfer ofNothing(Limits limits, MonotonicClock clock) {
    return new Transfer(clock, 0, limits, ignored -> {});
  }

  /** The device has taken what was sent before, and is sent so many bytes now. */
  synchronized void taken(int bytes) {
    sent += bytes;
    since = clock.nanoTime();
  }

  /** The device has taken everything. */
  synchronized void allTaken() {
    complete = true;
    since = clock.nanoTime();
  }

  /**
   * The connection has ended. A device that restarts at the last byte ends it before anybody asks
   * for more than there is.
   */
  synchronized void ended() {
    complete = sent >= total;
  }

  synchronized boolean isComplete() {
    return complete;
  }

  /** Whether nothing of the body has left us. */
  synchronized boolean isUntouched() {
    return sent == 0;
  }

  /** For a sentence, for example {@code 16384 of 520192 bytes were sent}. */
  synchronized String extent() {
    return sent + " of " + total + " bytes were sent";
  }

  /** Tells how far it is. */
  void report() {
    percent.accept(percent());
  }

  /** The same; and ends the waiting that has taken too long. */
  void look() throws ExchangeException {
    report();
    requirePatience();
  }

  private synchronized int percent() {
    return total == 0 ? 0 : (int) (100 * sent / total);
  }

  private synchronized void requirePatience() throws ExchangeException {
    Duration limit = complete ? answerLimit : stallLimit;
    if (clock.nanoTime() - since >= limit.toNanos()) {
      throw new ExchangeException(ExchangeException.Kind.SILENT, verdict(limit));
    }
  }

  private String verdict(Duration limit) {
    String time = DurationText.write(limit);
    if (total > 0 && complete) {
      return "it gave no answer for " + time + " (answer_timeout) after it had taken the image";
    }
    return total == 0
        ? "it gave no answer for " + time + " (stall_timeout)"
        : "it took nothing more for " + time + " (stall_timeout), after " + extent();
  }
}
