package io.github.childconnector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said about a message beside its bytes. */
@NullMarked
@IntegrationTest
final class PahoDeliveryTest {
  private final FastLinks links = new FastLinks();

  @AfterEach
  void closeLinks() {
    links.close();
  }

  @Test
  void userPropertiesComeWithIt(@TempDir Path directory) throws Exception {
    try (Mosquitto broker = Mosquitto.start(directory)) {
      RecordingListener listener = RecordingListener.holding();
      links.to(broker.settings("connector")).start(Set.of("topic"), listener);
      listener.awaitUps(1);
      publish(
          broker.port(),
          new UserProperty("device", "old"),
          new UserProperty("device", "meter-1"),
          new UserProperty("subject", "dfu"));
      publish(broker.port());
      listener.awaitTexts(2);
      assertThat(listener.held().get(0).properties())
          .isEqualTo(Map.of("device", "meter-1", "subject", "dfu"));
      assertThat(listener.held().get(1).properties()).isEmpty();
    }
  }

  private static void publish(int port, UserProperty... properties) throws Exception {
    MqttProperties all = new MqttProperties();
    all.setUserProperties(List.of(properties));
    MqttClient client =
        new MqttClient("tcp://127.0.0.1:" + port, "publisher", new MemoryPersistence());
    try {
      client.connect();
      client.publish("topic", new MqttMessage("text".getBytes(UTF_8), 1, false, all));
      client.disconnect();
    } finally {
      client.close();
    }
  }
}
