package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.adapter.drogue.wire.FormatException;
import io.github.childconnector.adapter.endpoint.HeldDevices;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.clock.Backoff;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.mqtt.PahoLink;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;

/** A transport and the devices on it. */
final class SharedTransport implements Leases.Place<DeviceAddress, DfuDevice> {
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final TransportSettings settings;
  private final MonotonicClock clock;
  private final HeldDevices<DfuDevice> devices = new HeldDevices<>("drogue.device");
  private final Transport transport;
  private boolean isOpen;

  /**
   * A transport of which nothing is open yet.
   *
   * @param maker makes it, of devices that answer the statuses that come
   */
  SharedTransport(
      TransportSettings settings,
      MonotonicClock clock,
      BiFunction<TransportSettings, HeldDevices<DfuDevice>, Transport> maker) {
    this.settings = settings;
    this.clock = clock;
    this.transport = maker.apply(settings, devices);
  }

  /** The transports that are open: one for equal settings. */
  static Leases<DeviceAddress, DfuDevice> leases(MonotonicClock clock) {
    return leases(clock, (settings, devices) -> make(settings, devices, clock));
  }

  /** The same, of transports that somebody else makes. */
  static Leases<DeviceAddress, DfuDevice> leases(
      MonotonicClock clock,
      BiFunction<TransportSettings, HeldDevices<DfuDevice>, Transport> maker) {
    return new Leases<>(
        clock.threads(),
        DeviceAddress::transport,
        first -> new SharedTransport(first.transport(), clock, maker));
  }

  private static Transport make(
      TransportSettings settings, HeldDevices<DfuDevice> devices, MonotonicClock clock) {
    if (settings instanceof TransportSettings.Http http) {
      return new HttpTransport(http, devices, clock.threads());
    }
    if (settings instanceof TransportSettings.Line line) {
      Backoff pauses = new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE, new Random());
      return new FrameTransport(line, pauses, status -> only(devices).answer(status), clock);
    }
    TransportSettings.Broker broker = (TransportSettings.Broker) settings;
    PahoLink link = new PahoLink(broker.broker(), clock, new Random());
    return new BrokerTransport(broker, devices, link, clock.threads());
  }

  private static DfuDevice only(HeldDevices<DfuDevice> devices) throws FormatException {
    return devices.device("").orElseThrow(() -> new FormatException("nobody is served"));
  }

  @Override
  public HeldDevices<DfuDevice> devices() {
    return devices;
  }

  @Override
  public HeldDevices.Claim<DfuDevice> claim(ChildId child, DeviceAddress address)
      throws IOException {
    String login = address.login().isPresent() ? address.login().get().header() : "";
    return new HeldDevices.Claim<>(
        child,
        address.device(),
        address.toString(),
        login,
        () -> new DfuDevice(address.toString(), settings::codec, clock));
  }

  @Override
  public void serve(DeviceAddress address) throws IOException {
    if (isOpen) {
      transport.serve(devices.names());
    } else {
      transport.open();
      isOpen = true;
    }
  }

  @Override
  public void release(DeviceAddress address) {
    if (!devices.isEmpty()) {
      transport.serve(devices.names());
    }
  }

  @Override
  public Optional<String> trouble() {
    return transport.trouble();
  }

  @Override
  public void close() {
    transport.close();
  }
}
