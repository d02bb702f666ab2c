package io.github.childconnector.adapter.sming;

/** Bytes that are no OTA upgrade file, or a damaged one; the message says what is wrong. */
final class OtaFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  OtaFormatException(String why) {
    super(why);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
