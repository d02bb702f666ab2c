package io.github.childconnector.adapter.drogue;

import static java.util.stream.Collectors.toSet;

import io.github.childconnector.adapter.answer.JsonDocument;
import io.github.childconnector.mqtt.Delivery;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The topics of statuses and commands at a broker. */
sealed interface Topics {

  /** A status as it was published. */
  record Message(String device, ByteBuffer status) {}

  /** The topics to subscribe to for these devices. */
  Set<String> filters(Set<String> devices);

  /** The status in a message; empty if it is none. */
  Optional<Message> read(Delivery delivery);

  /** Returns where the commands of a device are published. */
  String command(String device);

  /**
   * A plain broker, with the topics that Drogue's gateways use because they name the device:
   * statuses on {@code dfu/meter-1}, commands on {@code command/inbox/meter-1/dfu}.
   */
  record Plain() implements Topics {
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

  /**
   * The MQTT integration of Drogue Cloud: statuses are the events of an application on {@code
   * app/meters}, or {@code $share/gateways/app/meters}, commands are published to {@code
   * command/meters/meter-1/dfu}. An event is a CloudEvent 1.0, of which this is used:
   *
   * <pre>
   * {"specversion": "1.0", "subject": "dfu", "device": "meter-1", "data_base64": "pABFMC4xLjAB9gL2A/Y=", …}
   * </pre>
   *
   * <p>In binary form the attributes are user properties of the message, whose payload is the data.
   *
   * @param group of those who share the events, so that each goes to one of them
   */
  record Cloud(String application, Optional<String> group) implements Topics {
    private static final String CHANNEL = "dfu";

    @Override
    public Set<String> filters(Set<String> devices) {
      return Set.of(group.map(name -> "$share/" + name + "/").orElse("") + this);
    }

    /** An application has events of many kinds and devices. */
    @Override
    public Optional<Message> read(Delivery delivery) {
      return delivery.properties().containsKey("specversion")
          ? event(
              name -> Optional.ofNullable(delivery.properties().get(name)),
              Optional.of(delivery.payload()))
          : JsonDocument.parse(new String(delivery.payload(), StandardCharsets.UTF_8))
              .flatMap(Cloud::structured);
    }

    private static Optional<Message> structured(JsonDocument json) {
      return event(json::member, json.member("data_base64").flatMap(Cloud::decode));
    }

    private static Optional<byte[]> decode(String base64) {
      try {
        return Optional.of(Base64.getDecoder().decode(base64));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    private static Optional<Message> event(
        Function<String, Optional<String>> attribute, Optional<byte[]> data) {
      return attribute.apply("subject").filter(CHANNEL::equals).isPresent() && data.isPresent()
          ? attribute
              .apply("device")
              .map(device -> new Message(device, ByteBuffer.wrap(data.get())))
          : Optional.empty();
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
}
