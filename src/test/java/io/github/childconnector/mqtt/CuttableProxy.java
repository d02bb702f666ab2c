package io.github.childconnector.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.NullMarked;

/** A TCP relay on a free loopback port, for networks that break. */
@NullMarked
public final class CuttableProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final List<Relay> relays = new CopyOnWriteArrayList<>();
  private volatile boolean frozen;
  private volatile boolean refusing;
  private volatile Duration delay = Duration.ZERO;

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
    // Not those that come meanwhile, of which the next cut must know.
    List<Relay> present = List.copyOf(relays);
    present.forEach(Relay::close);
    relays.removeAll(present);
  }

  /** Ends all present connections, and new ones at once, until {@link #restore}. */
  public void breakDown() {
    refusing = true;
    cut();
  }

  /** Relays new connections again. */
  public void restore() {
    refusing = false;
  }

  /** Lets every piece of data take this long, in both directions. */
  public void slowDown(Duration eachWay) {
    delay = eachWay;
  }

  /**
   * Swallows everything on the present connections, in which both sides go on believing, and relays
   * new ones.
   */
  public void abandon() {
    relays.forEach(relay -> relay.abandoned = true);
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
        accept(server.accept());
      }
    } catch (IOException e) {
      cut();
    }
  }

  private void accept(Socket near) throws IOException {
    if (refusing) {
      near.close();
      return;
    }
    try {
      Relay relay = new Relay(near, new Socket(InetAddress.getLoopbackAddress(), target));
      relays.add(relay);
      if (refusing) {
        cut();
      }
      spawn(() -> relay.carry(relay.near, relay.far));
      spawn(() -> relay.carry(relay.far, relay.near));
    } catch (IOException e) {
      // As if nobody listened there, which is the case.
      near.close();
    }
  }

  private final class Relay {
    private final Socket near;
    private final Socket far;
    private volatile boolean abandoned;

    private Relay(Socket near, Socket far) {
      this.near = near;
      this.far = far;
    }

    private void carry(Socket from, Socket to) {
      byte[] buffer = new byte[8192];
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          pause();
          if (!frozen && !abandoned) {
            out.write(buffer, 0, count);
          }
        }
      } catch (IOException e) {
        // One side has gone, and both are closed now.
      }
    }

    private void pause() {
      for (long end = System.nanoTime() + delay.toNanos(), left = delay.toNanos();
          left > 0;
          left = end - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }

    private void close() {
      CuttableProxy.close(near);
      CuttableProxy.close(far);
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
