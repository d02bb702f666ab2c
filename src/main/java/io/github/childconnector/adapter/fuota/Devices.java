package io.github.childconnector.adapter.fuota;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The devices of one server, by the id with which they poll. */
final class Devices {
  private final MonotonicClock clock;
  private final Map<String, Served> served = new ConcurrentHashMap<>();

  Devices(MonotonicClock clock) {
    this.clock = clock;
  }

  /** How a device is known, and how many need it to be. */
  private record Served(ChildId child, PolledDevice device, String header, int holders) {
    boolean isShownBy(String authorization) {
      return MessageDigest.isEqual(
          header.getBytes(StandardCharsets.UTF_8), authorization.getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Knows the device of a child from now on, by the login it has now.
   *
   * @throws IOException another child has this id, or the password cannot be read
   */
  PolledDevice hold(ChildId child, FuotaSettings settings) throws IOException {
    String header = settings.credentials().header();
    Optional<Served> known = Optional.ofNullable(served.get(settings.deviceId()));
    if (known.filter(each -> !each.child().equals(child)).isPresent()) {
      throw new IOException(
          "fuota.device_id: "
              + settings.deviceId()
              + " is the id of "
              + known.get().child()
              + " and of "
              + child
              + "; give each device its own DEV_ID");
    }
    PolledDevice device = known.map(Served::device).orElseGet(() -> new PolledDevice(clock));
    int holders = known.map(Served::holders).orElse(0) + 1;
    served.put(settings.deviceId(), new Served(child, device, header, holders));
    return device;
  }

  /** One holder less. */
  void release(String id) {
    Optional.ofNullable(served.get(id)).ifPresent(each -> release(id, each));
  }

  private void release(String id, Served each) {
    if (each.holders() == 1) {
      served.remove(id);
    } else {
      served.put(id, new Served(each.child(), each.device(), each.header(), each.holders() - 1));
    }
  }

  boolean isEmpty() {
    return served.isEmpty();
  }

  /** Whether a device with this id is served. */
  boolean has(String id) {
    return served.containsKey(id);
  }

  /** The device with this id, if this is its login. */
  Optional<PolledDevice> device(String id, String authorization) {
    return Optional.ofNullable(served.get(id))
        .filter(each -> each.isShownBy(authorization))
        .map(Served::device);
  }

  /** The devices that have this login. */
  Stream<PolledDevice> devices(String authorization) {
    return served.values().stream()
        .filter(each -> each.isShownBy(authorization))
        .map(Served::device);
  }
}
