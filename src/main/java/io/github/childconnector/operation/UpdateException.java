package io.github.childconnector.operation;

import java.util.Optional;

/** An update cannot go on, for a reason that its requester is told. */
public final class UpdateException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;
  private final transient Optional<Sha256> found;

  /** A failure seen by this program itself. */
  public UpdateException(FailureCode code, String sentence) {
    this(new Failure(code, sentence));
  }

  /** A failure that another exception showed. */
  public UpdateException(FailureCode code, String sentence, Throwable cause) {
    super(sentence, cause);
    this.failure = new Failure(code, sentence);
    this.found = Optional.empty();
  }

  /** A failure already put into words. */
  public UpdateException(Failure failure) {
    this(failure, Optional.empty());
  }

  /** A digest that is not the one that was promised: what was {@code found} instead. */
  public static UpdateException mismatch(String sentence, Sha256 found) {
    return new UpdateException(
        new Failure(FailureCode.DIGEST_MISMATCH, sentence), Optional.of(found));
  }

  private UpdateException(Failure failure, Optional<Sha256> found) {
    super(failure.sentence());
    this.failure = failure;
    this.found = found;
  }

  /** The digest of the bytes that were refused for it; empty where that is not the reason. */
  public Optional<Sha256> found() {
    return found;
  }

  /** The failure to report. */
  public Failure failure() {
    return failure;
  }
}
