package io.github.childconnector.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.childconnector.clock.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.LongConsumer;

/**
 * Serves one file over HTTP under one path, in chunks and without a length, as thin-edge's file
 * transfer service does. Everything else is answered with 404, every method but GET with 405.
 */
final class FirmwareOffer implements AutoCloseable {
  private static final int BUFFER = 64 * 1024;

  /** The most exchanges at a time; a device needs one. */
  private static final int MOST_WORKERS = 64;

  private static final Duration IDLE = Duration.ofMinutes(1);

  private final ExecutorService workers;
  private final HttpServer server;
  private final Path file;
  private final String path;

  /** Takes a free port of {@code address}, without answering yet. */
  FirmwareOffer(InetAddress address, Path file, String path, Threads threads) throws IOException {
    this.workers = threads.daemonPool("firmware-offer", MOST_WORKERS, IDLE);
    this.file = file;
    this.server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    this.path = path;
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Begins to answer; {@code sent} learns how many bytes each answer has got to. */
  void start(LongConsumer sent) {
    server.setExecutor(workers);
    server.createContext("/", exchange -> answer(exchange, sent));
    server.start();
  }

  private void answer(HttpExchange exchange, LongConsumer sent) throws IOException {
    try (exchange) {
      URI asked = exchange.getRequestURI();
      // Thin-edge does not encode the child's id in a URL, and a client may or may not.
      if (!path.equals(asked.getPath()) && !path.equals(asked.getRawPath())) {
        exchange.sendResponseHeaders(404, -1);
      } else if (!exchange.getRequestMethod().equals("GET")) {
        exchange.sendResponseHeaders(405, -1);
      } else {
        exchange.sendResponseHeaders(200, 0);
        copy(exchange.getResponseBody(), sent);
      }
    }
  }

  private void copy(OutputStream out, LongConsumer sent) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] buffer = new byte[BUFFER];
      long total = 0;
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        out.write(buffer, 0, length);
        total += length;
        sent.accept(total);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }

  /**
   * The address at which a file is served so that a connector can fetch it.
   *
   * @param bind the address to listen at
   * @param urlHost the same as a URL names it
   */
  record ServingAddress(InetAddress bind, String urlHost) {

    /**
     * An address that others know this machine by; it need not be one of its own, as behind NAT.
     */
    static ServingAddress named(String host) throws IOException {
      InetAddress address = InetAddress.getByName(host);
      boolean isOwn = NetworkInterface.getByInetAddress(address) != null;
      return new ServingAddress(
          isOwn ? address : new InetSocketAddress(0).getAddress(), urlForm(host));
    }

    /** The address from which this machine reaches a broker. */
    static ServingAddress towards(String host, int port) throws IOException {
      InetAddress broker = InetAddress.getByName(host);
      InetAddress own =
          broker.isLoopbackAddress() ? InetAddress.getLoopbackAddress() : facing(broker, port);
      return new ServingAddress(own, urlForm(own.getHostAddress()));
    }

    private static InetAddress facing(InetAddress broker, int port) throws IOException {
      try (DatagramSocket socket = new DatagramSocket()) {
        // Sends nothing: it only makes the system choose the way, and with it our own address.
        socket.connect(new InetSocketAddress(broker, port));
        return socket.getLocalAddress();
      }
    }

    String url(int port, String path) {
      return "http://" + urlHost + ":" + port + path;
    }

    private static String urlForm(String host) {
      return host.contains(":") ? "[" + host.replaceAll("[\\[\\]]|%.*", "") + "]" : host;
    }
  }
}
