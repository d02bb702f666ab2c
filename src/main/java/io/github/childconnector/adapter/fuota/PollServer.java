package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.endpoint.DeviceServer;
import io.github.childconnector.adapter.fuota.management.ManagementServer;
import io.github.childconnector.adapter.fuota.management.ManagementSettings;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** One HTTPS server and the devices it serves. Its methods are called by one thread at a time. */
final class PollServer {
  private static final System.Logger LOG = System.getLogger(PollServer.class.getName());

  /**
   * As many devices may fetch at the same time; others wait, for which their client has 5 seconds.
   */
  private static final int MAX_EXCHANGES = 64;

  private final DeviceServer server;
  private final ServerIdentity identity;
  private final Devices devices;
  private final Threads threads;
  private Optional<ManagementServer> management = Optional.empty();

  private PollServer(
      DeviceServer server, ServerIdentity identity, Devices devices, Threads threads) {
    this.server = server;
    this.identity = identity;
    this.devices = devices;
    this.threads = threads;
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
    Devices devices = new Devices(clock);
    server.start(new DeviceRequests(devices));
    LOG.log(
        Level.INFO,
        "Devices may poll at {0}; the certificate has the SHA-256 fingerprint {1}",
        settings.listen(),
        fingerprint);
    return new PollServer(server, settings.identity(), devices, clock.threads());
  }

  /** Serves the device of a child, once more if it is served already. */
  PolledDevice hold(ChildId child, FuotaSettings settings) throws IOException {
    if (!identity.equals(settings.identity())) {
      throw new IOException(
          "fuota.listen: the server at "
              + settings.listen()
              + " has another certificate already; give all children at one address the same"
              + " server_name, certificate_file and key_file");
    }
    PolledDevice device = devices.hold(child, settings);
    try {
      if (settings.management().isPresent()) {
        management(settings, settings.management().get())
            .hold(settings.deviceId(), device, settings.slotSize());
      }
      return device;
    } catch (IOException e) {
      devices.release(settings.deviceId());
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
        threads);
  }

  /** Serves the device of a child once less. */
  void release(FuotaSettings settings) {
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

  boolean isUnused() {
    return devices.isEmpty();
  }

  void close() {
    management.ifPresent(ManagementServer::close);
    server.close();
  }
}
