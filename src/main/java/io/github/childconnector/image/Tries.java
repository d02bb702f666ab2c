package io.github.childconnector.image;

import io.github.childconnector.clock.Backoff;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.fault.Causes;
import io.github.childconnector.http.HttpFault;
import io.github.childconnector.http.StallWatch;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.tls.TlsFault.Words;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The tries to fetch one image: counts them, pauses between them, and bounds their number and time.
 */
final class Tries {
  private static final Words WORDS =
      new Words(
          "the file server",
          "correct its address, or let it speak TLS",
          "ask for it by a name it holds (http.client.host of thin-edge, download.gateway_host)",
          "download.ca_file",
          "set download.cert_file and download.key_file, or http.client.auth of thin-edge");

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

  private final ImageUrl url;
  private final FetchProgress progress;
  private final DownloadSettings settings;
  private final MonotonicClock clock;
  private final Deadline deadline;
  private final Backoff backoff;
  private int failed;

  /** The tries to fetch the image at this address; {@code progress} is told of those that fail. */
  Tries(ImageUrl url, FetchProgress progress, DownloadSettings settings, MonotonicClock clock) {
    this.url = url;
    this.progress = progress;
    this.settings = settings;
    this.clock = clock;
    SplittableRandom random = new SplittableRandom(clock.nanoTime());
    this.backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE, random);
    this.deadline = Deadline.after(settings.deadline(), clock);
  }

  /** The address of the image. */
  ImageUrl url() {
    return url;
  }

  /** The one who wants to know how far the image is. */
  FetchProgress progress() {
    return progress;
  }

  /** A watch over one connection. */
  StallWatch watch() {
    return StallWatch.timed(clock, this::verdict);
  }

  private Optional<String> verdict(Duration waited) {
    Duration limit = settings.stallTimeout();
    if (waited.compareTo(limit) >= 0) {
      return Optional.of(
          "nothing came for %s (download.stall_timeout)".formatted(DurationText.write(limit)));
    }
    return deadline.expired() ? Optional.of("it was still coming") : Optional.empty();
  }

  /** Returns when it is time to try again, and throws where that was the last try. */
  void pauseAfter(TryFailedException e) throws UpdateException, InterruptedException {
    failed++;
    boolean last = failed >= settings.attempts();
    Duration pause = last ? Duration.ZERO : Collections.max(List.of(backoff.next(), e.wish()));
    if (deadline.remaining().compareTo(pause) <= 0) {
      throw pause.equals(e.wish()) && !pause.isZero() ? tooEarly(e) : timeout(e);
    }
    if (last) {
      throw exhausted(e);
    }
    progress.trouble(
        "Try %d of %d for the image at %s failed: %s; the next follows in %s"
            .formatted(failed, settings.attempts(), url, e.what(), seconds(pause)));
    clock.sleep(pause);
  }

  /** A pause of a second or more in whole seconds, since nobody cares for the rest. */
  private static String seconds(Duration pause) {
    return DurationText.write(
        pause.toSeconds() == 0 ? pause : Duration.ofSeconds(pause.toSeconds()));
  }

  private UpdateException tooEarly(TryFailedException e) {
    return new UpdateException(
        FailureCode.DOWNLOAD_TIMEOUT,
        "The image at %s cannot be fetched yet: %s, and the server asks to come back in %s, which is beyond download.deadline (%s); send the update again then, or raise that."
            .formatted(
                url,
                e.what(),
                DurationText.write(e.wish()),
                DurationText.write(settings.deadline())),
        e);
  }

  private UpdateException timeout(TryFailedException e) {
    return new UpdateException(
        FailureCode.DOWNLOAD_TIMEOUT,
        "The image at %s cannot be fetched within %s (download.deadline): %s; check the connection to %s."
            .formatted(url, DurationText.write(settings.deadline()), e.what(), url.host()),
        e);
  }

  private UpdateException exhausted(TryFailedException e) {
    return new UpdateException(
        FailureCode.DOWNLOAD_FAILED,
        "The image at %s could not be fetched after %d %s: %s; check that tedge-agent runs on %s and can be reached."
            .formatted(url, failed, failed == 1 ? "try" : "tries", e.what(), url.host()),
        e);
  }

  /** A try to fetch an image failed in a way that another try may not. */
  static final class TryFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Duration wish;

    /** Says what happened, as the end of a sentence. */
    TryFailedException(String what) {
      this(what, Duration.ZERO);
    }

    /** The server asked not to be asked again before {@code wish} is over. */
    TryFailedException(String what, Duration wish) {
      super(what);
      this.wish = wish;
    }

    private TryFailedException(String what, Throwable cause) {
      super(what, cause);
      this.wish = Duration.ZERO;
    }

    /**
     * Takes what the HTTP client has thrown before anything came for a failed try.
     *
     * @throws UpdateException another try is useless
     */
    static TryFailedException of(Throwable fault, ImageUrl url) throws UpdateException {
      HttpFault seen = HttpFault.of(fault, "download.stall_timeout", WORDS);
      return switch (seen.kind()) {
        // The client throws IllegalArgumentException for a Content-Length beyond a long, for
        // example.
        case UNREADABLE ->
            throw new UpdateException(
                FailureCode.DOWNLOAD_REFUSED,
                "The answer to %s cannot be understood%s; check which server answers there."
                    .formatted(url, Causes.lastMessage(fault)),
                fault);
        case UNTRUSTED ->
            throw new UpdateException(
                FailureCode.DOWNLOAD_FAILED,
                "The image at %s cannot be fetched: %s.".formatted(url, seen.why()),
                fault);
        default -> new TryFailedException(seen.why(), fault);
      };
    }

    /** Takes a connection that ended in the middle of the image for a failed try. */
    static TryFailedException broken(Throwable fault) {
      return new TryFailedException(HttpFault.broken(fault, "").why(), fault);
    }

    /** Says what happened, as the end of a sentence. */
    String what() {
      return String.valueOf(getMessage());
    }

    Duration wish() {
      return wish;
    }
  }
}
