package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.answer.JsonDocument;
import io.github.childconnector.adapter.answer.JsonPointer;
import io.github.childconnector.mqtt.Delivery;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/**
 * A CloudEvent 1.0 of a device, of which only this counts:
 *
 * <pre>
 * {"specversion": "1.0", "subject": "dfu", "device": "meter-1", "data_base64": "pABFMC4xLjAB9gL2A/Y=", …}
 * </pre>
 *
 * <p>In binary form the attributes are user properties of the message, whose payload is the data.
 */
record CloudEvent(String subject, String device, ByteBuffer data) {

  /** The event in a message; empty if there is none, or none with data in bytes. */
  static Optional<CloudEvent> read(Delivery delivery) {
    return delivery.properties().containsKey("specversion")
        ? binary(delivery)
        : JsonDocument.parse(new String(delivery.payload(), StandardCharsets.UTF_8))
            .flatMap(CloudEvent::structured);
  }

  private static Optional<CloudEvent> binary(Delivery delivery) {
    return event(
        name -> Optional.ofNullable(delivery.properties().get(name)),
        Optional.of(delivery.payload()));
  }

  private static Optional<CloudEvent> structured(JsonDocument json) {
    Function<String, Optional<String>> member = name -> json.value(new JsonPointer("/" + name));
    return event(member, member.apply("data_base64").flatMap(CloudEvent::decode));
  }

  private static Optional<byte[]> decode(String base64) {
    try {
      return Optional.of(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<CloudEvent> event(
      Function<String, Optional<String>> attribute, Optional<byte[]> data) {
    Optional<String> device = attribute.apply("device");
    return device.isPresent() && data.isPresent()
        ? attribute
            .apply("subject")
            .map(subject -> new CloudEvent(subject, device.get(), ByteBuffer.wrap(data.get())))
        : Optional.empty();
  }
}
