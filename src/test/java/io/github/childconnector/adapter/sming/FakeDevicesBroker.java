package io.github.childconnector.adapter.sming;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.world.Samples;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;

/**
 * A devices' broker and the way to it: greets whoever comes as a test wants it, keeps what is
 * retained, and remembers what was published, each as {@code patch topic} or {@code -1 topic} for
 * nothing.
 */
@NullMarked
final class FakeDevicesBroker implements MqttLink {
  private static final ChildId CHILD = new ChildId("weather");

  private final List<String> published = new ArrayList<>();
  private final Set<String> retained = new TreeSet<>();
  private Consumer<Listener> greeting = Listener::up;
  private Optional<Listener> visitor = Optional.empty();
  private int refusals;
  private int visits;
  private int farewells;

  /** The adapter of a child with these settings, dated and encrypted as in no other test. */
  static SmingAdapter adapter(ScriptedSettings table, BrokerVisit.Means means) {
    SmingSettings settings = SmingSettings.read(CHILD, table.section("sming"));
    assertThat(table.problems()).isEmpty();
    Packager packager =
        new Packager(
            settings.packaging(), settings.images(), InstantSource.system(), new Random(1));
    return new SmingAdapter(settings, packager, means);
  }

  /** An update of that child. */
  static FirmwareUpdate update(String version) {
    return Samples.update(
        CHILD, "op", new Firmware("weather", version), new Sha256("0".repeat(64)));
  }

  FakeDevicesBroker greeting(Consumer<Listener> how) {
    greeting = how;
    return this;
  }

  /** Refuses to take this number of messages, as a broker that cannot be reached just now. */
  FakeDevicesBroker refusing(int messages) {
    refusals = messages;
    return this;
  }

  List<String> published() {
    return List.copyOf(published);
  }

  Set<String> retained() {
    return Set.copyOf(retained);
  }

  /** How many visits have begun and not ended. */
  int guests() {
    return visits - farewells;
  }

  /** Whoever is there is told what a device says. */
  void say(String text) throws InterruptedException {
    visitor
        .orElseThrow()
        .received(
            new Delivery(
                "weather/state", text.getBytes(StandardCharsets.UTF_8), Map.of(), false, () -> {}));
  }

  @Override
  public void start(Set<String> filters, Listener listener) {
    visits++;
    visitor = Optional.of(listener);
    greeting.accept(listener);
  }

  @Override
  public void close() {
    farewells++;
  }

  @Override
  public void publishRetained(String topic, byte[] payload) throws PublishException {
    if (refusals > 0) {
      refusals--;
      throw new PublishException("the broker is away", false);
    }
    published.add((payload.length == 0 ? -1 : payload[0]) + " " + topic);
    retained.remove(topic);
    if (payload.length > 0) {
      retained.add(topic);
    }
  }

  @Override
  public boolean publish(String topic, byte[] payload) {
    published.add(payload[0] + " " + topic);
    return true;
  }

  @Override
  public void drop(Set<String> filters) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void subscribe(Set<String> filters) {
    throw new UnsupportedOperationException();
  }
}
