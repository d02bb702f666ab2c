package io.github.childconnector.world;

import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** A link that does what another does, but for what a subclass changes. */
@NullMarked
abstract class ForwardingLink implements MqttLink {
  private final MqttLink link;

  ForwardingLink(MqttLink link) {
    this.link = link;
  }

  @Override
  public void drop(Set<String> filters) {
    link.drop(filters);
  }

  @Override
  public void start(Set<String> filters, Listener listener) {
    link.start(filters, listener);
  }

  @Override
  public void subscribe(Set<String> filters) {
    link.subscribe(filters);
  }

  @Override
  public boolean publish(String topic, byte[] payload)
      throws PublishException, InterruptedException {
    return link.publish(topic, payload);
  }

  @Override
  public void publishRetained(String topic, byte[] payload)
      throws PublishException, InterruptedException {
    link.publishRetained(topic, payload);
  }

  @Override
  public void close() {
    link.close();
  }

  /** A listener that does what another does, but for what a subclass changes. */
  abstract static class ForwardingListener implements Listener {
    private final Listener listener;

    ForwardingListener(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void up() {
      listener.up();
    }

    @Override
    public void refused(String why) {
      listener.refused(why);
    }

    @Override
    public void down(String why) {
      listener.down(why);
    }

    @Override
    public void changed(State state, String why) {
      listener.changed(state, why);
    }

    @Override
    public void received(Delivery delivery) throws InterruptedException {
      listener.received(delivery);
    }
  }
}
