package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.endpoint.HeldDevices;
import io.github.childconnector.mqtt.MqttSettings;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.NullMarked;

/** A transport without a network, whatever the settings say: the test is the device. */
@NullMarked
final class FakeTransport
    implements BiFunction<TransportSettings, HeldDevices<DfuDevice>, Transport> {
  static final TransportSettings SETTINGS =
      new TransportSettings.Broker(
          new MqttSettings("127.0.0.1", 1883, "test", Optional.empty(), Optional.empty(), false),
          new Topics.Plain());

  private Optional<HeldDevices<DfuDevice>> devices = Optional.empty();
  private Optional<RuntimeException> fault = Optional.empty();
  private int opened;
  private int closed;

  DfuDevice device() {
    return devices.flatMap(each -> each.device("meter-1")).orElseThrow();
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
  public Transport apply(TransportSettings settings, HeldDevices<DfuDevice> served) {
    devices = Optional.of(served);
    return new Transport() {
      @Override
      public void open() throws IOException {
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
    };
  }
}
