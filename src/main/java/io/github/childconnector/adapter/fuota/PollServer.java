package io.github.childconnector.adapter.fuota;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.util.Map;
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
    HttpsServer server = bind(settings.listen());
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

  private static HttpsServer bind(Listen listen) throws IOException {
    if (listen.address().isUnresolved()) {
      throw new IOException("fuota.listen: there is no host " + listen.host());
    }
    limitExchanges();
    try {
      return HttpsServer.create(listen.address(), 0);
    } catch (BindException e) {
      throw new IOException(
          "fuota.listen: nobody can listen at "
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

  private static ExecutorService threads() {
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
    return devices.hold(child, settings);
  }

  void release(String deviceId) {
    devices.release(deviceId);
  }

  boolean isUnused() {
    return devices.isEmpty();
  }

  void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
