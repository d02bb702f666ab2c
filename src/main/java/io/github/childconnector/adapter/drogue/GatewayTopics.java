package io.github.childconnector.adapter.drogue;

import static java.util.stream.Collectors.toSet;

import io.github.childconnector.mqtt.Delivery;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/**
 * A plain broker, with the topics that Drogue's gateways use because they name the device: statuses
 * on {@code dfu/meter-1}, commands on {@code command/inbox/meter-1/dfu}.
 */
record GatewayTopics() implements Topics {
  private static final String STATUS = "dfu/";

  @Override
  public Set<String> filters(Set<String> devices) {
    return devices.stream().map(STATUS::concat).collect(toSet());
  }

  @Override
  public Optional<Message> read(Delivery delivery) {
    return Optional.of(delivery.topic())
        .filter(topic -> topic.startsWith(STATUS))
        .map(topic -> topic.substring(STATUS.length()))
        .map(device -> new Message(device, ByteBuffer.wrap(delivery.payload())));
  }

  @Override
  public String command(String device) {
    return "command/inbox/" + device + "/dfu";
  }

  @Override
  public String toString() {
    return "dfu/DEVICE";
  }
}
