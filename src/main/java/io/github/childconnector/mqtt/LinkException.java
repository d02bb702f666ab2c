package io.github.childconnector.mqtt;

/** There is no connection, or no subscription; the message is one sentence with the remedy. */
final class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  LinkException(String why) {
    super(why);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
