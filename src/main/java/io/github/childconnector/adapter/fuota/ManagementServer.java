package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.server.DeviceServer;
import io.github.childconnector.clock.MonotonicClock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** The server for scripts of the gateway, and the devices that they may manage. */
final class ManagementServer {
  private static final System.Logger LOG = System.getLogger(ManagementServer.class.getName());

  private final ManagementSettings settings;
  private final ManagedFirmware firmware;
  private final DeviceServer server;
  private final Map<String, Managed> devices = new ConcurrentHashMap<>();

  /** A device that may be managed, and how many need it to be. */
  private record Managed(PolledDevice device, long slotSize, int holders) {
    Managed heldBy(int more) {
      return new Managed(device, slotSize, holders + more);
    }
  }

  private ManagementServer(
      ManagementSettings settings, ManagedFirmware firmware, DeviceServer server) {
    this.settings = settings;
    this.firmware = firmware;
    this.server = server;
  }

  /** Listens, for no device yet. */
  static ManagementServer open(
      FuotaSettings child, ManagementSettings settings, MonotonicClock clock) throws IOException {
    Path directory = child.identity().directory().resolve("management-" + child.listen().port());
    String header = settings.credentials().header();
    SSLContext context = child.identity().context();
    ManagedFirmware firmware = new ManagedFirmware(directory);
    DeviceServer server = PollServer.bind("fuota.management", settings.listen(), context, clock);
    ManagementServer opened = new ManagementServer(settings, firmware, server);
    server.start(new ManagementRequests(header, firmware, opened));
    LOG.log(Level.WARNING, "Scripts may manage devices at {0}", settings.listen());
    return opened;
  }

  boolean isAt(ManagementSettings other) {
    return settings.equals(other);
  }

  /** Lets a device be managed, once more if it is already. */
  void hold(String id, PolledDevice device, long slotSize) {
    Managed held = devices.getOrDefault(id, new Managed(device, slotSize, 0));
    devices.put(id, new Managed(device, slotSize, held.holders() + 1));
    if (held.holders() == 0) {
      firmware.row(id).ifPresent(row -> device.accept(new ManagedOffer(firmware, row, slotSize)));
    }
  }

  void release(String id) {
    Optional.ofNullable(devices.get(id))
        .ifPresent(
            held -> {
              if (held.holders() == 1) {
                held.device().manageNoMore();
                devices.remove(id);
              } else {
                devices.put(id, held.heldBy(-1));
              }
            });
  }

  boolean isUnused() {
    return devices.isEmpty();
  }

  /** Offers what a row says from the device's next poll on. */
  void offer(ManagedFirmware.Row row) throws IOException, ManagedFirmware.RefusedException {
    Managed managed = devices.get(row.id());
    if (managed == null) {
      throw new ManagedFirmware.RefusedException(
          409, "No child with management has the device_id " + row.id() + ".");
    }
    firmware.put(row);
    if (!managed.device().accept(new ManagedOffer(firmware, row, managed.slotSize()))) {
      firmware.delete(row.id());
      throw new ManagedFirmware.RefusedException(
          409, "An update of thin-edge is under way for " + row.id() + ".");
    }
    LOG.log(
        Level.WARNING,
        "By management: {0} is to get {1} when it polls with version {2}",
        row.id(),
        row.file(),
        row.version());
  }

  /** Takes it back; returns whether there was anything. */
  boolean withdraw(String id) throws IOException {
    Optional.ofNullable(devices.get(id)).ifPresent(managed -> managed.device().manageNoMore());
    boolean was = firmware.delete(id);
    if (was) {
      LOG.log(Level.WARNING, "By management: {0} is to get nothing any more", id);
    }
    return was;
  }

  void close() {
    server.close();
  }
}
