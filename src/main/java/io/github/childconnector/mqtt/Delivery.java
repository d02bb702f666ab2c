package io.github.childconnector.mqtt;

import java.util.Map;

/**
 * A received message, which the broker keeps until it is acknowledged.
 *
 * @param payload the message's bytes, empty for none
 * @param properties its user properties; of a name that is there twice, the last value
 * @param isRetained whether it was kept by the broker for new subscribers
 * @param acknowledgement what {@link #acknowledge} does
 */
@SuppressWarnings("ArrayRecordComponent") // a message is taken in, never compared with another
public record Delivery(
    String topic,
    byte[] payload,
    Map<String, String> properties,
    boolean isRetained,
    Runnable acknowledgement) {

  /**
   * Tells the broker that it is ours now. Without effect once the connection it came by is gone:
   * the broker then delivers it again.
   */
  public void acknowledge() {
    acknowledgement.run();
  }
}
