package io.github.childconnector.adapter;

/** The device cannot be updated now, and nothing was changed on it; the engine tries again. */
public final class DeviceBusyException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what keeps the device busy, as far as it is known. */
  public DeviceBusyException(String why) {
    super(why);
  }
}
