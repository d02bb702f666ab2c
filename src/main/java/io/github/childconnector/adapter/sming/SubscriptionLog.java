package io.github.childconnector.adapter.sming;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The lines that mosquitto publishes about subscriptions where its configuration has {@code
 * log_dest topic} and {@code log_type subscribe}: by it a device is seen to start again, and on
 * which topic it then waits, which is its minor version.
 *
 * <p>Sample: {@code 1700000000: weather-1 0 a/weather/u/4.4}.
 *
 * @param clientId of the device
 * @param limit how long a device may take to flash and start
 */
record SubscriptionLog(String clientId, Duration limit) {
  static final String TOPIC = "$SYS/broker/log/M/subscribe";

  /** Whether a line says that the device subscribes to a topic, or to all of its channels. */
  boolean tells(byte[] line, String topic) {
    String device = "(.*: )?" + Pattern.quote(clientId) + " [012] ";
    String all = topic.replaceFirst("/[su]$", "") + "/+";
    return new String(line, StandardCharsets.UTF_8)
        .strip()
        .matches(device + "(" + Pattern.quote(topic) + "|" + Pattern.quote(all) + ")");
  }
}
