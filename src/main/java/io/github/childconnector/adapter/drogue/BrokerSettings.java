package io.github.childconnector.adapter.drogue;

import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.PahoLink;
import java.util.Random;

/** Devices that are reached by a broker. */
record BrokerSettings(MqttSettings broker, Topics topics) implements TransportSettings {
  @Override
  public Transport transport(Dialogues dialogues) {
    PahoLink link = new PahoLink(broker, dialogues.clock(), new Random());
    return new BrokerTransport(this, dialogues, link);
  }

  @Override
  public String toString() {
    return "the broker at " + broker.address() + " (" + topics + ")";
  }
}
