package io.github.childconnector.mqtt;

/** Says that there is no connection, or no subscription, in one sentence with the remedy. */
final class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  LinkException(String why) {
    super(why);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
