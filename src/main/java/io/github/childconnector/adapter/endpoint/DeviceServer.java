package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.disk.FileTrouble;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * An HTTP or HTTPS server for devices, one thread for each of a limited number of connections. The
 * JDK's server accepts whoever comes, each address as often as it likes: it can only be told how
 * many there may be in all, in the whole process, and then it also sends those away who ask for
 * something.
 */
public final class DeviceServer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(DeviceServer.class.getName());

  /** How long nobody is accepted where that has failed, for want of descriptors say. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /**
   * Connections that the system holds until they are accepted: a crowd must not lose a device's.
   */
  private static final int BACKLOG = 1024;

  private final Terms terms;
  private final ServerSocket socket;
  private final MonotonicClock clock;
  private final Threads.Worker acceptor;
  private final Connections open;
  private final RareWarnings warnings;
  private final DeviceConnection.Host host;

  /**
   * The terms of a server.
   *
   * @param key the setting to name where nobody can listen, for example {@code fuota.listen}
   * @param tls empty for plain HTTP
   * @param thread the name of the thread that listens
   * @param open what is open at all servers that share the bounds
   */
  public record Terms(
      String key,
      ListenAddress listen,
      Optional<SSLContext> tls,
      String thread,
      Connections open) {}

  /** Answers requests, several at the same time. */
  public interface Answers {
    /** Answers one request; a connection without an answer is closed. */
    void answer(DeviceRequest request) throws IOException;
  }

  private DeviceServer(Terms terms, ServerSocket socket, Answers answers, MonotonicClock clock) {
    this.terms = terms;
    this.socket = socket;
    this.clock = clock;
    this.acceptor = clock.threads().daemon(terms.thread(), this::accept);
    this.open = terms.open();
    this.warnings = new RareWarnings(LOG, clock);
    String name = terms.key() + " = " + terms.listen();
    this.host = new DeviceConnection.Host(this, name, terms.tls(), answers, open, warnings);
  }

  /**
   * Listens at the address, and answers whatever is asked for from now on.
   *
   * @throws IOException nobody can listen there; says which setting to change
   */
  public static DeviceServer open(Terms terms, Answers answers, MonotonicClock clock)
      throws IOException {
    InetSocketAddress address = terms.listen().resolve();
    if (address.isUnresolved()) {
      throw new IOException(terms.key() + ": there is no host " + terms.listen().host());
    }
    try {
      ServerSocket socket = new ServerSocket(address.getPort(), BACKLOG, address.getAddress());
      DeviceServer bound = new DeviceServer(terms, socket, answers, clock);
      bound.acceptor.start();
      return bound;
    } catch (BindException e) {
      throw new IOException(
          "%s: nobody can listen at %s (%s); choose another port, or an address of this machine"
              .formatted(terms.key(), terms.listen(), e.getMessage()),
          e);
    }
  }

  private void accept() {
    try {
      while (!socket.isClosed()) {
        acceptOne();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "{0} is left", terms.listen());
    }
  }

  private void acceptOne() throws InterruptedException {
    try {
      DeviceConnection next = new DeviceConnection(socket.accept(), host, clock);
      open.admit(next);
      if (socket.isClosed()) {
        open.close(this);
      }
    } catch (IOException e) {
      if (!socket.isClosed()) {
        warnings.warn(
            "accept",
            "%s: no device can connect: %s".formatted(host.name(), FileTrouble.sentence(e)));
        clock.sleep(PAUSE);
      }
    }
  }

  /** Ends at once; what is being answered is broken off. */
  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "The server is not closed", e);
    }
    acceptor.interrupt();
    open.close(this);
  }
}
