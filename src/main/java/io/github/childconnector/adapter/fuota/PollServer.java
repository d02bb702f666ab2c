package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.endpoint.Connections;
import io.github.childconnector.adapter.endpoint.DeviceServer;
import io.github.childconnector.adapter.endpoint.HeldDevices;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.adapter.fuota.management.ManagementServer;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** An HTTPS server and the devices it serves. */
final class PollServer implements Leases.Place<FuotaSettings, PolledDevice> {
  private static final System.Logger LOG = System.getLogger(PollServer.class.getName());

  private final ServerIdentity identity;
  private final Connections open;
  private final MonotonicClock clock;
  private final HeldDevices<PolledDevice> devices = new HeldDevices<>("fuota.device_id");
  private Optional<DeviceServer> server = Optional.empty();
  private Optional<ManagementServer> management = Optional.empty();

  /** The leases by which devices may be managed: the same settings as often as they are held. */
  private final List<FuotaSettings> managed = new ArrayList<>();

  /** A server that does not listen yet, for devices that share this certificate. */
  PollServer(ServerIdentity identity, Connections open, MonotonicClock clock) {
    this.identity = identity;
    this.open = open;
    this.clock = clock;
  }

  @Override
  public HeldDevices<PolledDevice> devices() {
    return devices;
  }

  @Override
  public HeldDevices.Claim<PolledDevice> claim(ChildId child, FuotaSettings settings)
      throws IOException {
    if (!identity.equals(settings.identity())) {
      throw new IOException(
          "fuota.listen: the server at "
              + settings.listen()
              + " has another certificate already; give all children at one address the same"
              + " server_name, certificate_file and key_file");
    }
    if (settings.management().isPresent()
        && managed.stream().anyMatch(it -> !it.management().equals(settings.management()))) {
      throw new IOException(
          "fuota.management: the devices of "
              + settings.listen()
              + " are managed elsewhere already; give all children at one address the same"
              + " management, management_username and management_password_file");
    }
    String id = settings.deviceId();
    String login = settings.credentials().header();
    return new HeldDevices.Claim<>(child, id, id, login, () -> new PolledDevice(clock));
  }

  @Override
  public void serve(FuotaSettings settings) throws IOException {
    if (server.isEmpty()) {
      server = Optional.of(listen(settings));
    }
    if (settings.management().isPresent()) {
      managed.add(settings);
      if (management.isEmpty()) {
        management = Optional.of(manage(settings, settings.management().get()));
      }
      String id = settings.deviceId();
      management.get().manage(id, devices.device(id).orElseThrow(), settings.slot());
    }
  }

  private DeviceServer listen(FuotaSettings settings) throws IOException {
    // The certificate is made first, where there is none yet.
    SSLContext context = identity.context();
    String fingerprint = identity.fingerprint();
    DeviceServer listening =
        DeviceServer.open(
            new DeviceServer.Terms(
                "fuota.listen", settings.listen(), Optional.of(context), "fuota-listen", open),
            new DeviceRequests(devices),
            clock);
    LOG.log(
        Level.INFO,
        "Devices may poll at {0}; the certificate has the SHA-256 fingerprint {1}",
        settings.listen(),
        fingerprint);
    return listening;
  }

  private ManagementServer manage(FuotaSettings settings, ManagementServer.Settings wanted)
      throws IOException {
    Path directory = identity.directory().resolve("management-" + settings.listen().port());
    return new ManagementServer(wanted, directory, identity.context(), open, clock);
  }

  @Override
  public void release(FuotaSettings settings) {
    managed.remove(settings);
    String id = settings.deviceId();
    if (managed.stream().noneMatch(other -> other.deviceId().equals(id))) {
      management.ifPresent(open -> open.manageNoMore(id));
    }
    if (managed.isEmpty()) {
      management.ifPresent(ManagementServer::close);
      management = Optional.empty();
    }
  }

  @Override
  public void close() {
    management.ifPresent(ManagementServer::close);
    server.ifPresent(DeviceServer::close);
  }
}
