package io.github.childconnector.power;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import io.github.childconnector.power.Outside.Told;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The link to a broker on another machine: what is published is told, if there is power. */
final class PoweredLink implements MqttLink {
  private final Outside outside;
  private final Power power;

  PoweredLink(Outside outside, Power power) {
    this.outside = outside;
    this.power = power;
  }

  @Override
  public void drop(Set<String> filters) {}

  @Override
  public void subscribe(Set<String> filters) {}

  @Override
  public void start(Set<String> filters, Listener listener) {}

  @Override
  public void publish(String topic, byte[] payload) throws PublishException {
    Told told = told(new String(payload, StandardCharsets.UTF_8));
    try {
      power.step(
          "telling of " + told,
          () -> {
            outside.tell(told);
            return true;
          });
    } catch (IOException e) {
      throw new PublishException("The power is off", false);
    }
  }

  @Override
  public boolean offer(String topic, byte[] payload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void publishRetained(String topic, byte[] payload) {
    throw new UnsupportedOperationException();
  }

  private static Told told(String payload) {
    JsonObject document = JsonParser.parseString(payload).getAsJsonObject();
    String reason = document.has("reason") ? document.get("reason").getAsString() : "";
    String words = document.get("status").getAsString() + " " + reason.split(":", 2)[0];
    return new Told(document.get("id").getAsString(), words.strip());
  }

  /** A request as the broker delivers it, now or again. */
  Delivery delivery(String topic, byte[] payload) {
    return new Delivery() {
      @Override
      public String topic() {
        return topic;
      }

      @Override
      public byte[] payload() {
        return payload;
      }

      @Override
      public boolean isRetained() {
        return false;
      }

      @Override
      public void acknowledge() {
        try {
          power.step(
              "acknowledgement",
              () -> {
                outside.acknowledge();
                return true;
              });
        } catch (IOException e) {
          // The broker did not get it.
        }
      }
    };
  }

  @Override
  public void close() {}
}
