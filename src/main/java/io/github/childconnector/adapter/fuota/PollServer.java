package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.endpoint.DeviceServer;
import io.github.childconnector.adapter.endpoint.HeldDevices;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.adapter.fuota.management.ManagementServer;
import io.github.childconnector.adapter.fuota.management.ManagementSettings;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** An HTTPS server and the devices it serves. */
final class PollServer implements Leases.Place<FuotaSettings, PolledDevice> {
  private static final System.Logger LOG = System.getLogger(PollServer.class.getName());

  /**
   * How many devices may fetch at the same time; others wait, for which their client has 5 seconds.
   */
  private static final int MAX_EXCHANGES = 64;

  private final DeviceServer server;
  private final ServerIdentity identity;
  private final MonotonicClock clock;
  private final HeldDevices<PolledDevice> devices = new HeldDevices<>("fuota.device_id");
  private Optional<ManagementServer> management = Optional.empty();

  private PollServer(DeviceServer server, ServerIdentity identity, MonotonicClock clock) {
    this.server = server;
    this.identity = identity;
    this.clock = clock;
  }

  /** Listens, and serves nobody yet. */
  static PollServer open(FuotaSettings settings, MonotonicClock clock) throws IOException {
    // The certificate is made first, where there is none yet.
    SSLContext context = settings.identity().context();
    String fingerprint = settings.identity().fingerprint();
    DeviceServer server =
        DeviceServer.bind(
            new DeviceServer.Terms(
                "fuota.listen", settings.listen(), Optional.of(context), "fuota", MAX_EXCHANGES),
            clock.threads());
    PollServer made = new PollServer(server, settings.identity(), clock);
    server.start(new DeviceRequests(made.devices));
    LOG.log(
        Level.INFO,
        "Devices may poll at {0}; the certificate has the SHA-256 fingerprint {1}",
        settings.listen(),
        fingerprint);
    return made;
  }

  @Override
  public PolledDevice hold(ChildId child, FuotaSettings settings) throws IOException {
    if (!identity.equals(settings.identity())) {
      throw new IOException(
          "fuota.listen: the server at "
              + settings.listen()
              + " has another certificate already; give all children at one address the same"
              + " server_name, certificate_file and key_file");
    }
    String id = settings.deviceId();
    HeldDevices.Claim claim = new HeldDevices.Claim(child, id, id, settings.credentials().header());
    PolledDevice device = devices.hold(claim, () -> new PolledDevice(clock));
    try {
      if (settings.management().isPresent()) {
        management(settings, settings.management().get()).hold(id, device, settings.slotSize());
      }
      return device;
    } catch (IOException e) {
      devices.release(id);
      throw e;
    }
  }

  private ManagementServer management(FuotaSettings settings, ManagementSettings wanted)
      throws IOException {
    if (management.isEmpty()) {
      management = Optional.of(open(settings, wanted));
    } else if (!management.get().isAt(wanted)) {
      throw new IOException(
          "fuota.management: the devices of "
              + settings.listen()
              + " are managed elsewhere already; give all children at one address the same"
              + " management, management_username and management_password_file");
    }
    return management.get();
  }

  private ManagementServer open(FuotaSettings settings, ManagementSettings wanted)
      throws IOException {
    Path directory =
        settings.identity().directory().resolve("management-" + settings.listen().port());
    return ManagementServer.open(
        new ManagementServer.Terms(
            wanted, directory, settings.identity().context(), EspImage::requireOwnDigest),
        clock.threads());
  }

  @Override
  public void release(FuotaSettings settings) {
    devices.release(settings.deviceId());
    if (settings.management().isPresent()) {
      management.ifPresent(server -> server.release(settings.deviceId()));
      closeUnusedManagement();
    }
  }

  private void closeUnusedManagement() {
    management.filter(ManagementServer::isUnused).ifPresent(ManagementServer::close);
    management = management.filter(server -> !server.isUnused());
  }

  @Override
  public boolean isUnused() {
    return devices.isEmpty();
  }

  @Override
  public void close() {
    management.ifPresent(ManagementServer::close);
    server.close();
  }
}
