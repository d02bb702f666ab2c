package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.adapter.endpoint.Connections;
import io.github.childconnector.adapter.endpoint.HeldDevices;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.clock.Backoff;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.mqtt.PahoLink;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/** A way on which statuses come and commands go, and the devices on it. */
abstract class Transport implements Leases.Place<DeviceAddress, DfuDevice> {
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration ENDING = Duration.ofSeconds(5);

  private final TransportSettings settings;
  private final MonotonicClock clock;
  private final HeldDevices<DfuDevice> devices = new HeldDevices<>("drogue.device");
  private boolean isOpen;

  /** Makes a transport that takes no statuses yet. */
  Transport(TransportSettings settings, MonotonicClock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** The transports that are open: one for equal settings. */
  static Leases<DeviceAddress, DfuDevice> leases(MonotonicClock clock) {
    Connections open = new Connections("drogue-http", clock);
    return leases(clock, settings -> make(settings, open, clock));
  }

  /** The same, of transports that somebody else makes. */
  static Leases<DeviceAddress, DfuDevice> leases(
      MonotonicClock clock, Function<TransportSettings, Transport> maker) {
    return new Leases<>(
        clock.threads(), DeviceAddress::transport, first -> maker.apply(first.transport()));
  }

  private static Transport make(
      TransportSettings settings, Connections open, MonotonicClock clock) {
    if (settings instanceof TransportSettings.Http http) {
      return new HttpTransport(http, open, clock);
    }
    if (settings instanceof TransportSettings.Line line) {
      return new FrameTransport(
          line, new Backoff(SHORTEST_PAUSE, LONGEST_PAUSE, new Random()), clock);
    }
    TransportSettings.Broker broker = (TransportSettings.Broker) settings;
    return new BrokerTransport(broker, new PahoLink(broker.broker(), clock, new Random()), clock);
  }

  /**
   * Begins to take statuses; called once.
   *
   * @throws IOException it cannot; says what is wrong, and what to do
   */
  abstract void open() throws IOException;

  /** Tells which devices are served from now on, by the names they have on this way. */
  void subscribe(Set<String> names) {}

  /** Waits for the end of a thread that was told to end. */
  static void awaitEnd(Threads.Worker thread) {
    try {
      thread.join(ENDING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
    devices.device(address.device()).ifPresent(each -> each.idlePoll(address.idlePoll()));
    if (isOpen) {
      subscribe(devices.names());
    } else {
      open();
      isOpen = true;
    }
  }

  @Override
  public void release(DeviceAddress address) {
    if (!devices.isEmpty()) {
      subscribe(devices.names());
    }
  }
}
