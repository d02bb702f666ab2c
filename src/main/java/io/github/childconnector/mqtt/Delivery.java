package io.github.childconnector.mqtt;

import java.util.Map;

/** A received message, which the broker keeps until it is acknowledged. */
public interface Delivery {

  String topic();

  /** The message's bytes, empty for none. */
  byte[] payload();

  /** The user properties of the message; of a name that is there twice, the last value. */
  default Map<String, String> properties() {
    return Map.of();
  }

  /** Whether it was kept by the broker for new subscribers. */
  boolean isRetained();

  /**
   * Tells the broker that it is ours now. Without effect once the connection it came by is gone:
   * the broker then delivers it again.
   */
  void acknowledge();
}
