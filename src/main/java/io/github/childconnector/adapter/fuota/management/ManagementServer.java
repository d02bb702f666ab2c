package io.github.childconnector.adapter.fuota.management;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.Connections;
import io.github.childconnector.adapter.endpoint.DeviceServer;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.adapter.fuota.management.EspImage.Chip;
import io.github.childconnector.adapter.fuota.management.EspImage.Slot;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.LocalDisk;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/** The server for scripts of the gateway, and the devices that they may manage. */
public final class ManagementServer {
  private static final System.Logger LOG = System.getLogger(ManagementServer.class.getName());

  private final ManagedFirmware firmware;
  private final DeviceServer server;
  private final Map<String, Managed> devices = new ConcurrentHashMap<>();

  /**
   * The place where scripts of this gateway may do what the reference server lets them do.
   *
   * @param listen an address of the loopback
   * @param credentials what the scripts log in with
   */
  public record Settings(ListenAddress listen, BasicLogin credentials) {}

  /** A device that may be managed. */
  public interface Device {
    /** Offers this from the next poll on; false where an update is under way. */
    boolean accept(ManagedOffer next);

    /** Offers nothing of management any longer. */
    void manageNoMore();
  }

  private record Managed(Device device, Slot slot) {}

  /**
   * Listens, for no device yet.
   *
   * @param directory where it keeps what is put
   * @throws IOException nobody can listen there, or nothing be kept; says what to do
   */
  public ManagementServer(
      Settings settings, Path directory, SSLContext tls, Connections open, MonotonicClock clock)
      throws IOException {
    String header = settings.credentials().header();
    firmware = new ManagedFirmware(directory, new LocalDisk(), clock.threads().lock());
    server =
        DeviceServer.open(
            new DeviceServer.Terms(
                "fuota.management", settings.listen(), Optional.of(tls), "fuota-management", open),
            new ManagementRequests(header, firmware, this),
            clock);
    LOG.log(Level.WARNING, "Scripts may manage devices at {0}", settings.listen());
  }

  /** Lets a device be managed from now on; if it is already, images have to fit into this slot. */
  public void manage(String id, Device device, Slot slot) {
    if (devices.put(id, new Managed(device, slot)) == null) {
      firmware.row(id).ifPresent(row -> device.accept(new ManagedOffer(firmware, row, slot)));
    }
  }

  /** Lets a device be managed no longer. */
  public void manageNoMore(String id) {
    Optional.ofNullable(devices.remove(id)).ifPresent(managed -> managed.device().manageNoMore());
  }

  /** Offers what a row says from the device's next poll on. */
  void offer(ManagedFirmware.Row row) throws IOException, ManagedFirmware.RefusedException {
    Managed managed = devices.get(row.id());
    if (managed == null) {
      throw new ManagedFirmware.RefusedException(
          409, "No child with management has the device_id " + row.id() + ".");
    }
    firmware.put(row);
    if (!managed.device().accept(new ManagedOffer(firmware, row, managed.slot()))) {
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

  /** The chips of the devices that may be managed. */
  Set<Chip> chips() {
    return devices.values().stream().map(each -> each.slot().chip()).collect(toUnmodifiableSet());
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

  /** Ends at once. */
  public void close() {
    server.close();
  }
}
