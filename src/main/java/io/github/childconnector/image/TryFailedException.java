package io.github.childconnector.image;

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

  TryFailedException(String what, Throwable cause) {
    super(what, cause);
    this.wish = Duration.ZERO;
  }

  /** What happened, as the end of a sentence. */
  String what() {
    return String.valueOf(getMessage());
  }

  Duration wish() {
    return wish;
  }
}
