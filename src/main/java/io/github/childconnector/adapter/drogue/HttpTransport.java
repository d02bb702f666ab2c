package io.github.childconnector.adapter.drogue;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A server to which devices post their statuses. */
final class HttpTransport implements Transport {
  private static final Logger LOG = System.getLogger(HttpTransport.class.getName());

  /** So many devices are answered at the same time; others wait. */
  private static final int MAX_EXCHANGES = 16;

  private final HttpSettings settings;
  private final Dialogues dialogues;
  private final ThreadPoolExecutor threads = threads();
  private Optional<HttpServer> server = Optional.empty();

  HttpTransport(HttpSettings settings, Dialogues dialogues) {
    this.settings = settings;
    this.dialogues = dialogues;
  }

  private static ThreadPoolExecutor threads() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            MAX_EXCHANGES,
            MAX_EXCHANGES,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, "drogue-http");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  @Override
  public void open() throws IOException {
    limitExchanges();
    HttpServer made = bind();
    made.setExecutor(threads);
    made.createContext("/", new DfuRequests(dialogues));
    made.start();
    server = Optional.of(made);
    LOG.log(Level.INFO, "Devices may post to {0}{1}", settings, DfuRequests.PATH);
  }

  private HttpServer bind() throws IOException {
    try {
      return settings.identity().isPresent()
          ? secured(settings.identity().get())
          : HttpServer.create(settings.listen().resolve(), 0);
    } catch (BindException e) {
      throw settings.listen().refused(e);
    }
  }

  private HttpServer secured(TlsSettings.Identity identity) throws IOException {
    HttpsConfigurator secure =
        new HttpsConfigurator(
            TlsContext.of(new TlsSettings(Optional.empty(), Optional.of(identity))));
    HttpsServer made = HttpsServer.create(settings.listen().resolve(), 0);
    made.setHttpsConfigurator(secure);
    return made;
  }

  /** Whoever connects and says nothing would keep a thread; the JDK's server has no other means. */
  private static void limitExchanges() {
    Map.of("sun.net.httpserver.maxReqTime", "30", "sun.net.httpserver.maxRspTime", "1800")
        .forEach((key, seconds) -> System.setProperty(key, System.getProperty(key, seconds)));
  }

  @Override
  public void close() {
    server.ifPresent(each -> each.stop(0));
    threads.shutdownNow();
  }
}
