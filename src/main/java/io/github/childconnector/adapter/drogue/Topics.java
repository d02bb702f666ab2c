package io.github.childconnector.adapter.drogue;

import io.github.childconnector.mqtt.Delivery;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;

/** Where statuses and commands are at a broker. */
interface Topics {

  /** A status as it was published. */
  record Message(String device, ByteBuffer status) {}

  /** What to subscribe to for these devices. */
  Set<String> filters(Set<String> devices);

  /** The status in a message; empty if it is none. */
  Optional<Message> read(Delivery delivery);

  /** Where the commands of a device are published. */
  String command(String device);
}
