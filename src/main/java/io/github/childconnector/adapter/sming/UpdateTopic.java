package io.github.childconnector.adapter.sming;

/**
 * The topic on which devices of one application wait for firmware: {@code a/<app>/u/<major.minor>},
 * with {@code /s} or {@code /u} behind it where stable and unstable firmware are kept apart.
 *
 * <p>Sample: {@code a/weather/u/4.3/s}.
 *
 * @param app the application's id
 * @param channel {@code s}, {@code u}, or empty
 */
record UpdateTopic(String app, String channel) {

  /** The topic of one line of versions, such as {@code 4.3}. */
  String of(String line) {
    return root() + line + (channel.isEmpty() ? "" : "/" + channel);
  }

  /** Below this whatever is published is firmware to some device. */
  String root() {
    return "a/" + app + "/u/";
  }
}
