package io.github.childconnector.adapter.endpoint;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.childconnector.clock.Threads;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import javax.net.ssl.SSLContext;

/** An HTTP or HTTPS server for devices. */
public final class DeviceServer implements AutoCloseable {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final HttpServer server;
  private final ExecutorService threads;

  /**
   * The terms of a server.
   *
   * @param key the setting to name where nobody can listen, for example {@code fuota.listen}
   * @param tls empty for plain HTTP
   * @param threads the name of the threads that answer
   * @param exchanges the most requests that are answered at the same time; others wait
   */
  public record Terms(
      String key, ListenAddress listen, Optional<SSLContext> tls, String threads, int exchanges) {}

  private DeviceServer(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Listens at the address, and answers whatever is asked for from now on.
   *
   * @throws IOException nobody can listen there; says which setting to change
   */
  public static DeviceServer open(Terms terms, HttpHandler answers, Threads threads)
      throws IOException {
    InetSocketAddress address = terms.listen().resolve();
    if (address.isUnresolved()) {
      throw new IOException(terms.key() + ": there is no host " + terms.listen().host());
    }
    limitExchanges();
    ExecutorService pool = threads.daemonPool(terms.threads(), terms.exchanges(), IDLE);
    try {
      DeviceServer bound = new DeviceServer(create(address, terms.tls()), pool);
      bound.start(answers);
      return bound;
    } catch (BindException e) {
      throw new IOException(
          "%s: nobody can listen at %s (%s); choose another port, or an address of this machine"
              .formatted(terms.key(), terms.listen(), e.getMessage()),
          e);
    }
  }

  private static HttpServer create(InetSocketAddress address, Optional<SSLContext> tls)
      throws IOException {
    if (tls.isEmpty()) {
      return HttpServer.create(address, 0);
    }
    HttpsServer server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
    return server;
  }

  /**
   * Limits requests: whoever says nothing would keep a thread, and the JDK's server has no other
   * means.
   */
  private static void limitExchanges() {
    Map.of("sun.net.httpserver.maxReqTime", "30", "sun.net.httpserver.maxRspTime", "1800")
        .forEach((key, seconds) -> System.setProperty(key, System.getProperty(key, seconds)));
  }

  private void start(HttpHandler answers) {
    try {
      server.setExecutor(threads);
      server.createContext("/", answers);
      server.start();
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Ends at once; what is being answered is broken off. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
