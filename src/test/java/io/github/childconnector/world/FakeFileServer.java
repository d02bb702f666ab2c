package io.github.childconnector.world;

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
public final class FakeFileServer implements AutoCloseable {
  private static final String ROOT = "/te/v1/files/";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final AtomicInteger served = new AtomicInteger();
  private volatile CountDownLatch held = new CountDownLatch(0);
  private volatile Fault fault = Fault.NONE;

  /** What goes wrong with every file, in the middle of which it goes wrong. */
  public enum Fault {
    NONE,
    /** Nothing more comes before {@link #release}. */
    STALL,
    /** The connection ends. */
    RESET,
    /** The file ends, and the connection with it, although a longer one was announced. */
    CUT_SHORT,
    /** There is none. */
    MISSING
  }

  public FakeFileServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(ROOT, this::answer);
    server.start();
  }

  /** Offers a file and returns its address. */
  public String offer(String name, byte[] content) {
    files.put(name, content);
    return url(name);
  }

  /** The address a file of that name has, or would have. */
  public String url(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + ROOT + name;
  }

  /** How many files were asked for. */
  public int requests() {
    return served.get();
  }

  /** Lets nobody have anything until {@link #release}. */
  public void hold() {
    held = new CountDownLatch(1);
  }

  /** From now on all files have this fault. */
  public void has(Fault now) {
    held.countDown();
    held = new CountDownLatch(now == Fault.STALL ? 1 : 0);
    fault = now;
  }

  public void release() {
    held.countDown();
  }

  private void answer(HttpExchange exchange) throws IOException {
    served.incrementAndGet();
    Fault present = fault;
    if (present != Fault.STALL) {
      awaitRelease();
    }
    byte[] content = files.get(exchange.getRequestURI().getPath().substring(ROOT.length()));
    try (exchange) {
      if (content == null || present == Fault.MISSING) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.sendResponseHeaders(200, present == Fault.CUT_SHORT ? content.length : 0);
      try (OutputStream body = exchange.getResponseBody()) {
        send(content, body, present);
      }
    }
  }

  private void send(byte[] content, OutputStream body, Fault present) throws IOException {
    int half = content.length / 2;
    body.write(content, 0, half);
    body.flush();
    if (present == Fault.STALL) {
      awaitRelease();
    } else if (present != Fault.NONE) {
      throw new IOException(present.name());
    }
    body.write(content, half, content.length - half);
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
