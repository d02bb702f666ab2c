package io.github.childconnector.adapter.fuota;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One HTTPS server and the devices it serves. Its methods are called by one thread at a time. */
final class PollServer {
  private static final System.Logger LOG = System.getLogger(PollServer.class.getName());

  /**
   * As many devices may fetch at the same time; others wait, for which their client has 5 seconds.
   */
  private static final int MAX_EXCHANGES = 64;

  private final HttpsServer server;
  private final ExecutorService threads;
  private final ServerIdentity identity;
  private final Devices devices;
  private Optional<ManagementServer> management = Optional.empty();

  private PollServer(
      HttpsServer server, ExecutorService threads, ServerIdentity identity, Devices devices) {
    this.server = server;
    this.threads = threads;
    this.identity = identity;
    this.devices = devices;
  }

  /** Listens, and serves nobody yet. */
  static PollServer open(FuotaSettings settings, MonotonicClock clock) throws IOException {
    HttpsConfigurator secure = new HttpsConfigurator(settings.identity().context());
    String fingerprint = settings.identity().fingerprint();
    HttpsServer server = bind(settings.listen(), "fuota.listen");
    ExecutorService threads = threads();
    Devices devices = new Devices(clock);
    server.setHttpsConfigurator(secure);
    server.setExecutor(threads);
    server.createContext("/", new DeviceRequests(devices));
    server.start();
    LOG.log(
        Level.INFO,
        "Devices may poll at {0}; the certificate has the SHA-256 fingerprint {1}",
        settings.listen(),
        fingerprint);
    return new PollServer(server, threads, settings.identity(), devices);
  }

  static HttpsServer bind(Listen listen, String key) throws IOException {
    if (listen.address().isUnresolved()) {
      throw new IOException(key + ": there is no host " + listen.host());
    }
    limitExchanges();
    try {
      return HttpsServer.create(listen.address(), 0);
    } catch (BindException e) {
      throw new IOException(
          key
              + ": nobody can listen at "
              + listen
              + " ("
              + e.getMessage()
              + "); choose another port, or an address of this machine",
          e);
    }
  }

  /** Whoever connects and says nothing would keep a thread; the JDK's server has no other means. */
  private static void limitExchanges() {
    Map.of("sun.net.httpserver.maxReqTime", "30", "sun.net.httpserver.maxRspTime", "1800")
        .forEach((key, seconds) -> System.setProperty(key, System.getProperty(key, seconds)));
  }

  /** Daemon threads, as many as are needed. */
  static ExecutorService threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            MAX_EXCHANGES,
            MAX_EXCHANGES,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "fuota");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
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
      management = Optional.of(ManagementServer.open(settings, wanted));
    } else if (!management.get().isAt(wanted)) {
      throw new IOException(
          "fuota.management: the devices of "
              + settings.listen()
              + " are managed elsewhere already; give all children at one address the same"
              + " management, management_username and management_password_file");
    }
    return management.get();
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
    server.stop(0);
    threads.shutdownNow();
  }
}
