package io.github.childconnector.operation;

/** An update cannot go on, for a reason that its requester is told. */
public final class UpdateException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  /** A failure seen by this program itself. */
  public UpdateException(FailureCode code, String sentence) {
    this(new Failure(code, sentence));
  }

  /** A failure that another exception showed. */
  public UpdateException(FailureCode code, String sentence, Throwable cause) {
    super(sentence, cause);
    this.failure = new Failure(code, sentence);
  }

  /** A failure already put into words. */
  public UpdateException(Failure failure) {
    super(failure.sentence());
    this.failure = failure;
  }

  /** The failure to report. */
  public Failure failure() {
    return failure;
  }
}
