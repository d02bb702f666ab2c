package io.github.childconnector.mqtt;

import static java.util.stream.Collectors.toMap;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/** A message, bound to the connection it came by. */
final class PahoDelivery implements Delivery {
  private static final System.Logger LOG = System.getLogger(PahoDelivery.class.getName());

  private final String topic;
  private final MqttMessage message;
  private final MqttAsyncClient client;
  private final PahoAnswers connection;
  private final AtomicBoolean acknowledged = new AtomicBoolean();

  PahoDelivery(String topic, MqttMessage message, MqttAsyncClient client, PahoAnswers connection) {
    this.topic = topic;
    this.message = message;
    this.client = client;
    this.connection = connection;
  }

  /** Whether its connection still stands; if not, the broker delivers the message again. */
  boolean isCurrent() {
    return !connection.isLost();
  }

  /** Whether its connection was ever accepted; if not, the broker was not to send it yet. */
  boolean wasInvited() {
    return connection.isAccepted();
  }

  @Override
  public String topic() {
    return topic;
  }

  @Override
  public byte[] payload() {
    return message.getPayload();
  }

  @Override
  public Map<String, String> properties() {
    return message.getProperties().getUserProperties().stream()
        .collect(toMap(UserProperty::getKey, UserProperty::getValue, (one, last) -> last));
  }

  @Override
  public boolean isRetained() {
    return message.isRetained();
  }

  // Once only: the broker may have given the packet id to another message since.
  @Override
  public void acknowledge() {
    if (isCurrent() && acknowledged.compareAndSet(false, true)) {
      try {
        client.messageArrivedComplete(message.getId(), message.getQos());
      } catch (MqttException | RuntimeException e) {
        LOG.log(Level.DEBUG, "An acknowledgement came too late for its connection", e);
      }
    }
  }
}
