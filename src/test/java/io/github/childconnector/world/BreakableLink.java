package io.github.childconnector.world;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** A link with a fault point before and after everything the broker is told. */
@NullMarked
final class BreakableLink extends ForwardingLink {
  private final FaultPoints points;

  BreakableLink(MqttLink link, FaultPoints points) {
    super(link);
    this.points = points;
  }

  @Override
  public void start(Set<String> filters, Listener listener) {
    points.reach("connect before");
    super.start(filters, new BreakableListener(listener));
    points.reach("connect after");
  }

  @Override
  public boolean publish(String topic, byte[] payload)
      throws PublishException, InterruptedException {
    String what = "publish " + name(topic, payload);
    points.reach(what + " before");
    try {
      return super.publish(topic, payload);
    } finally {
      points.reach(what + " after");
    }
  }

  @Override
  public void publishRetained(String topic, byte[] payload) {
    throw new UnsupportedOperationException();
  }

  private static String name(String topic, byte[] payload) {
    JsonObject status =
        JsonParser.parseString(new String(payload, StandardCharsets.UTF_8)).getAsJsonObject();
    return status.get("status").getAsString()
        + " "
        + child(topic)
        + " "
        + status.get("id").getAsString();
  }

  private static String child(String topic) {
    return topic.split("/", -1)[1];
  }

  @Override
  public void close() {
    points.reach("disconnect before");
    super.close();
    points.reach("disconnect after");
  }

  private void acknowledge(Delivery delivery) {
    String what = "acknowledge " + child(delivery.topic());
    points.reach(what + " before");
    delivery.acknowledge();
    points.reach(what + " after");
  }

  private final class BreakableListener extends ForwardingListener {
    private BreakableListener(Listener listener) {
      super(listener);
    }

    @Override
    public void received(Delivery delivery) throws InterruptedException {
      super.received(
          new Delivery(
              delivery.topic(),
              delivery.payload(),
              delivery.properties(),
              delivery.isRetained(),
              () -> acknowledge(delivery)));
    }
  }
}
