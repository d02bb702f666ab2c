package io.github.childconnector.adapter.drogue;

import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.PahoLink;
import io.github.childconnector.mqtt.PublishException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.NullMarked;

/** A device at a broker. */
@NullMarked
public final class BrokerWire implements Wire {
  private final String topic;
  private final UnaryOperator<byte[]> envelope;
  private final MqttLink link;
  private final BlockingQueue<byte[]> commands = new LinkedBlockingQueue<>();
  private final CountDownLatch up = new CountDownLatch(1);

  private BrokerWire(int port, String topic, String commandTopic, UnaryOperator<byte[]> envelope) {
    this.topic = topic;
    this.envelope = envelope;
    link =
        new PahoLink(
            new MqttSettings(
                "127.0.0.1", port, "device-" + port, Optional.empty(), Optional.empty(), false),
            new SystemClock(),
            new Random());
    link.start(Set.of(commandTopic), new Ear());
  }

  /** As a gateway of Drogue speaks for a device, at a plain broker. */
  public static BrokerWire plain(int port, String device) {
    return new BrokerWire(
        port, "dfu/" + device, "command/inbox/" + device + "/dfu", UnaryOperator.identity());
  }

  /** As Drogue Cloud passes on what a device says, in structured CloudEvents. */
  public static BrokerWire cloud(int port, String application, String device) {
    return new BrokerWire(
        port,
        "app/" + application,
        "command/" + application + "/" + device + "/dfu",
        status -> event(device, status).getBytes(StandardCharsets.UTF_8));
  }

  static String event(String device, byte[] status) {
    return """
        {"specversion":"1.0","id":"e1","type":"io.drogue.event.v1","source":"drogue://meters/%s",
        "subject":"dfu","time":"2023-01-17T10:00:00Z","datacontenttype":"application/octet-stream",
        "application":"meters","device":"%s","sender":"%s","partitionkey":"meters/%s",
        "data_base64":"%s"}"""
        .formatted(device, device, device, device, Base64.getEncoder().encodeToString(status));
  }

  @Override
  public Optional<byte[]> exchange(byte[] status, Duration limit)
      throws IOException, InterruptedException {
    if (!up.await(90, TimeUnit.SECONDS)) {
      throw new IOException("the device of the test does not reach its broker");
    }
    commands.clear();
    try {
      link.publish(topic, envelope.apply(status));
    } catch (PublishException e) {
      // As a real one, it says it again.
      return Optional.empty();
    }
    return Optional.ofNullable(commands.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    link.close();
  }

  private final class Ear implements MqttLink.Listener {
    @Override
    public void up() {
      up.countDown();
    }

    @Override
    public void refused(String why) {}

    @Override
    public void down(String why) {}

    @Override
    public void received(Delivery delivery) {
      commands.add(delivery.payload());
      delivery.acknowledge();
    }
  }
}
