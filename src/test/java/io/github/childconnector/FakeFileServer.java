package io.github.childconnector;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Behaves as thin-edge's file-transfer service: whole files, chunked, and 404 for the others. */
final class FakeFileServer implements AutoCloseable {
  private static final String ROOT = "/te/v1/files/";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final AtomicInteger served = new AtomicInteger();
  private volatile CountDownLatch held = new CountDownLatch(0);

  FakeFileServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(ROOT, this::answer);
    server.start();
  }

  /** Offers a file and returns its address. */
  String offer(String name, byte[] content) {
    files.put(name, content);
    return url(name);
  }

  /** The address a file of that name has, or would have. */
  String url(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + ROOT + name;
  }

  /** How many files were asked for. */
  int requests() {
    return served.get();
  }

  /** Lets nobody have anything until {@link #release}. */
  void hold() {
    held = new CountDownLatch(1);
  }

  void release() {
    held.countDown();
  }

  private void answer(HttpExchange exchange) throws IOException {
    served.incrementAndGet();
    awaitRelease();
    byte[] content = files.get(exchange.getRequestURI().getPath().substring(ROOT.length()));
    try (exchange) {
      if (content == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream body = exchange.getResponseBody()) {
        body.write(content);
      }
    }
  }

  private void awaitRelease() {
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    threads.shutdownNow();
  }
}
