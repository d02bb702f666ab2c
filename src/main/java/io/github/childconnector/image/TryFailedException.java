package io.github.childconnector.image;

import io.github.childconnector.fault.Causes;
import io.github.childconnector.http.HttpFault;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;

/** A try to fetch an image failed in a way that another try may not. */
final class TryFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Duration wish;

  /** What happened, as the end of a sentence. */
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
    HttpFault seen = HttpFault.of(fault, "download.stall_timeout");
    return switch (seen.kind()) {
      // The client throws IllegalArgumentException for a Content-Length beyond a long, for example.
      case UNREADABLE ->
          throw new UpdateException(
              FailureCode.DOWNLOAD_REFUSED,
              "The answer to %s cannot be understood%s; check which server answers there."
                  .formatted(url, Causes.lastMessage(fault)),
              fault);
      case UNTRUSTED -> new TryFailedException(seen.why() + "; see download.ca_file", fault);
      default -> new TryFailedException(seen.why(), fault);
    };
  }

  /** Takes a connection that ended in the middle of the image for a failed try. */
  static TryFailedException broken(Throwable fault) {
    return new TryFailedException(HttpFault.broken(fault, "").why(), fault);
  }

  /** What happened, as the end of a sentence. */
  String what() {
    return String.valueOf(getMessage());
  }

  Duration wish() {
    return wish;
  }
}
