package io.github.childconnector.adapter.drogue;

import io.github.childconnector.mqtt.Delivery;
import java.util.Optional;
import java.util.Set;

/**
 * The MQTT integration of Drogue Cloud: statuses are the events of an application on {@code
 * app/meters}, or {@code $share/gateways/app/meters}, commands are published to {@code
 * command/meters/meter-1/dfu}.
 *
 * @param group of those who share the events, so that each goes to one of them
 */
record CloudTopics(String application, Optional<String> group) implements Topics {
  private static final String CHANNEL = "dfu";

  @Override
  public Set<String> filters(Set<String> devices) {
    return Set.of(group.map(name -> "$share/" + name + "/").orElse("") + this);
  }

  /** An application has events of many kinds and devices. */
  @Override
  public Optional<Message> read(Delivery delivery) {
    return CloudEvent.read(delivery)
        .filter(event -> event.subject().equals(CHANNEL))
        .map(event -> new Message(event.device(), event.data()));
  }

  @Override
  public String command(String device) {
    return "command/" + application + "/" + device + "/dfu";
  }

  @Override
  public String toString() {
    return "app/" + application;
  }
}
