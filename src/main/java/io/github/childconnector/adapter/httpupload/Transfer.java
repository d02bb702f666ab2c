package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.httpupload.DeviceLink.ExchangeException;
import io.github.childconnector.adapter.httpupload.HttpUploadSettings.Limits;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.http.HttpFault;
import io.github.childconnector.http.StallWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * How far a request has come, and whether it has stood still for too long; the HTTP client itself
 * bounds neither the sending nor the answer.
 */
final class Transfer {
  private final long total;
  private final Limits limits;
  private final IntConsumer percent;
  private final StallWatch watch;
  private long sent;
  private boolean complete;

  /** Watches a body with this many bytes; {@code percent} is told how far it is. */
  Transfer(long total, Limits limits, MonotonicClock clock, IntConsumer percent) {
    this.total = total;
    this.limits = limits;
    this.percent = percent;
    this.complete = total == 0;
    this.watch = new StallWatch(clock, this::verdict);
    watch.waiting();
  }

  /** The device has taken what was sent before, and is sent these bytes now. */
  void taken(int bytes) {
    synchronized (this) {
      sent += bytes;
    }
    watch.waiting();
  }

  /** The device has taken everything. */
  void allTaken() {
    synchronized (this) {
      complete = true;
    }
    watch.waiting();
  }

  /**
   * The connection has ended. A device that restarts at the last byte ends it before anybody asks
   * for more than there is.
   */
  synchronized void ended() {
    complete = sent >= total;
  }

  /** Whether the device has taken all there was, and there was something. */
  synchronized boolean isTaken() {
    return complete && sent > 0;
  }

  /** Whether nothing of the body has left us. */
  synchronized boolean isUntouched() {
    return sent == 0;
  }

  /** How far it has come, for a sentence: {@code after 16384 of 520192 bytes were sent}. */
  synchronized String progress() {
    return complete ? " without an answer" : " after " + extent();
  }

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
    watch.look();
    Optional<String> verdict = watch.verdict();
    if (verdict.isPresent()) {
      throw new ExchangeException(HttpFault.Kind.SILENT, verdict.get());
    }
  }

  private synchronized int percent() {
    return total == 0 ? 0 : (int) (100 * sent / total);
  }

  private synchronized Optional<String> verdict(Duration waited) {
    boolean answers = complete && total > 0;
    Duration limit = answers ? limits.answer() : limits.stall();
    return waited.compareTo(limit) < 0
        ? Optional.empty()
        : Optional.of(sentence(answers, DurationText.write(limit)));
  }

  private String sentence(boolean answers, String time) {
    if (answers) {
      return "it gave no answer for " + time + " (answer_timeout) after it had taken the image";
    }
    return total == 0
        ? "it gave no answer for " + time + " (stall_timeout)"
        : "it took nothing more for " + time + " (stall_timeout), after " + extent();
  }
}
