import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;

/**
 * What a JVM with this MQTT library costs at least: subscribes to one topic and waits, {@code
 * LeanFloor PORT CLIENT TOPIC}.
 */
public final class LeanFloor {
  private LeanFloor() {}

  public static void main(String[] args) throws Exception {
    MqttAsyncClient client =
        new MqttAsyncClient("tcp://127.0.0.1:" + args[0], args[1], new MemoryPersistence());
    client.connect().waitForCompletion();
    client.subscribe(args[2], 1).waitForCompletion();
    Thread.currentThread().join();
  }
}
