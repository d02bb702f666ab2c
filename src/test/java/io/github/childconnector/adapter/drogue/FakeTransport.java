package io.github.childconnector.adapter.drogue;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.mqtt.MqttSettings;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.NullMarked;

/** A transport without a network, whatever the settings say: the test is the device. */
@NullMarked
final class FakeTransport implements Function<TransportSettings, Transport> {
  static final TransportSettings SETTINGS =
      new TransportSettings.Broker(
          new MqttSettings("127.0.0.1", 1883, "test", Optional.empty(), Optional.empty(), false),
          new Topics.Plain());

  private final MonotonicClock clock;
  private Optional<Transport> made = Optional.empty();
  private Optional<RuntimeException> fault = Optional.empty();
  private int opened;
  private int closed;

  FakeTransport(MonotonicClock clock) {
    this.clock = clock;
  }

  DfuDevice device() {
    return made.flatMap(each -> each.devices().device("meter-1")).orElseThrow();
  }

  /** Has the next opening fail in the middle, as no transport says it may. */
  void failing(RuntimeException unforeseen) {
    fault = Optional.of(unforeseen);
  }

  int opened() {
    return opened;
  }

  boolean isOpen() {
    return opened > closed;
  }

  @Override
  public Transport apply(TransportSettings settings) {
    Transport next = new Made(settings);
    made = Optional.of(next);
    return next;
  }

  private final class Made extends Transport {
    private Made(TransportSettings settings) {
      super(settings, clock);
    }

    @Override
    void open() {
      opened++;
      if (fault.isPresent()) {
        RuntimeException unforeseen = fault.get();
        fault = Optional.empty();
        throw unforeseen;
      }
    }

    @Override
    public Optional<String> trouble() {
      return Optional.of("nobody is there");
    }

    @Override
    public void close() {
      closed++;
    }
  }
}
