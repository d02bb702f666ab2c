package io.github.childconnector.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.NullMarked;

/** A TCP relay on a free loopback port, for networks that break. */
@NullMarked
public final class CuttableProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean frozen;

  private CuttableProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** Relays to a port of this machine. */
  public static CuttableProxy to(int target) throws IOException {
    CuttableProxy proxy =
        new CuttableProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    spawn(proxy::accept);
    return proxy;
  }

  /** Where to connect to. */
  public int port() {
    return server.getLocalPort();
  }

  /** Ends all present connections; new ones are relayed. */
  public void cut() {
    sockets.forEach(CuttableProxy::close);
    sockets.clear();
  }

  /** Swallows everything that present and new connections send, as a dead link does. */
  public void freeze() {
    frozen = true;
  }

  /** Relays again; what was swallowed is lost, so the frozen connections are ended. */
  public void thaw() {
    frozen = false;
    cut();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.addAll(List.of(near, far));
        spawn(() -> relay(near, far));
        spawn(() -> relay(far, near));
      }
    } catch (IOException e) {
      cut();
    }
  }

  private void relay(Socket from, Socket to) {
    byte[] buffer = new byte[8192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!frozen) {
          out.write(buffer, 0, count);
        }
      }
    } catch (IOException e) {
      // One side has gone, and both are closed now.
    }
  }

  private static void spawn(Runnable work) {
    Thread thread = new Thread(work, "cuttable-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }
}
