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

/** A transport and the devices on it. */
final class SharedTransport implements Leases.Place<DeviceAddress, DfuDevice> {
  private final TransportSettings settings;
  private final MonotonicClock clock;
  private final HeldDevices<DfuDevice> devices = new HeldDevices<>("drogue.device");
  private final Transport transport;
  private boolean isOpen;

  /** Makes transports whose statuses are answered by devices. */
  interface Opener {
    /** The transport, which takes no statuses yet. */
    Transport make(TransportSettings settings, HeldDevices<DfuDevice> devices);
  }

  SharedTransport(TransportSettings settings, MonotonicClock clock, Opener opener) {
    this.settings = settings;
    this.clock = clock;
    this.transport = opener.make(settings, devices);
  }

  /** The transports that are open: one for equal settings. */
  static Leases<DeviceAddress, DfuDevice> leases(MonotonicClock clock) {
    return leases(clock, (settings, devices) -> settings.by(new Makers(devices, clock)));
  }

  /** The same, of transports that somebody else makes. */
  static Leases<DeviceAddress, DfuDevice> leases(MonotonicClock clock, Opener opener) {
    return new Leases<>(
        clock.threads(),
        DeviceAddress::transport,
        first -> new SharedTransport(first.transport(), clock, opener));
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

  /** Makes a transport of each kind of settings. */
  private record Makers(HeldDevices<DfuDevice> devices, MonotonicClock clock)
      implements TransportSettings.Maker<Transport> {
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    @Override
    public Transport broker(TransportSettings.Broker settings) {
      PahoLink link = new PahoLink(settings.broker(), clock, new Random());
      return new BrokerTransport(settings, devices, link, clock.threads());
    }

    @Override
    public Transport server(TransportSettings.Http settings) {
      return new HttpTransport(settings, devices, clock.threads());
    }

    @Override
    public Transport line(TransportSettings.Line settings) {
      return new FrameTransport(
          settings,
          new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE, new Random()),
          status -> only().answer(status),
          clock);
    }

    private DfuDevice only() throws FormatException {
      return devices.device("").orElseThrow(() -> new FormatException("nobody is served"));
    }
  }
}
