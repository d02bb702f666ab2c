package io.github.childconnector.mqtt;

/** A message is not known to have reached the broker. */
public final class PublishException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean permanent;

  /**
   * Says why.
   *
   * @param permanent whether the broker will refuse this very message again
   */
  public PublishException(String why, boolean permanent) {
    super(why);
    this.permanent = permanent;
  }

  /** Whether trying again is useless: the broker forbids the topic or the message is too large. */
  public boolean isPermanent() {
    return permanent;
  }
}
