package io.github.childconnector.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.mqtt.MqttLink;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/** A link of which a test can await that its listener knows of the first connection. */
@NullMarked
final class AwaitedLink extends ForwardingLink {
  private final CountDownLatch serving;

  /** Opens the latch when the listener was told. */
  AwaitedLink(MqttLink link, CountDownLatch serving) {
    super(link);
    this.serving = serving;
  }

  /** Returns when the latch is open. */
  static void await(CountDownLatch serving) throws InterruptedException {
    assertThat(serving.await(Patience.LONGEST.toSeconds(), TimeUnit.SECONDS))
        .as("the connector serves")
        .isTrue();
  }

  @Override
  public void start(Set<String> filters, Listener listener) {
    super.start(filters, new AwaitedListener(listener));
  }

  private final class AwaitedListener extends ForwardingListener {
    private AwaitedListener(Listener listener) {
      super(listener);
    }

    @Override
    public void up() {
      super.up();
      serving.countDown();
    }

    @Override
    public void refused(String why) {
      super.refused(why);
      serving.countDown();
    }
  }
}
