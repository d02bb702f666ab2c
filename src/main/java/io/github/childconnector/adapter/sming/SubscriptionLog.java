package io.github.childconnector.adapter.sming;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
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

  /** Whether the device subscribes to a topic, or to all of its channels, in time. */
  boolean isSeen(BrokerVisit visit, String topic, MonotonicClock clock)
      throws InterruptedException {
    Deadline deadline = Deadline.after(limit, clock);
    boolean isSeen = false;
    while (!isSeen && !deadline.expired()) {
      isSeen = visit.next(deadline.remaining()).filter(line -> tells(line, topic)).isPresent();
    }
    return isSeen;
  }

  boolean tells(byte[] line, String topic) {
    String device = "(.*: )?" + Pattern.quote(clientId) + " [012] ";
    String all = topic.replaceFirst("/[su]$", "") + "/+";
    return new String(line, StandardCharsets.UTF_8)
        .strip()
        .matches(device + "(" + Pattern.quote(topic) + "|" + Pattern.quote(all) + ")");
  }
}
