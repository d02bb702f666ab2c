package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The servers that devices poll: one for each address, there as long as a child needs it. */
final class PollServers {
  private final MonotonicClock clock;
  private final Map<ListenAddress, PollServer> servers = new HashMap<>();

  PollServers(MonotonicClock clock) {
    this.clock = clock;
  }

  /** Holds a server, and its device, until it is closed. Closing again has no effect. */
  interface Lease extends AutoCloseable {
    PolledDevice device();

    @Override
    void close();
  }

  /**
   * Lets the device of a child be served.
   *
   * @throws IOException the server cannot be there, or serves another child by this id
   */
  synchronized Lease lease(ChildId child, FuotaSettings settings) throws IOException {
    PollServer server = servers.get(settings.listen());
    if (server == null) {
      server = PollServer.open(settings, clock);
      servers.put(settings.listen(), server);
    }
    try {
      return new Held(server, server.hold(child, settings), settings);
    } catch (IOException e) {
      closeUnused(server);
      throw e;
    }
  }

  private synchronized void closeUnused(PollServer server) {
    if (server.isUnused()) {
      server.close();
      servers.values().remove(server);
    }
  }

  private final class Held implements Lease {
    private final PollServer server;
    private final PolledDevice device;
    private final FuotaSettings settings;
    private boolean isClosed;

    private Held(PollServer server, PolledDevice device, FuotaSettings settings) {
      this.server = server;
      this.device = device;
      this.settings = settings;
    }

    @Override
    public PolledDevice device() {
      return device;
    }

    @Override
    public void close() {
      synchronized (PollServers.this) {
        if (!isClosed) {
          isClosed = true;
          server.release(settings);
          closeUnused(server);
        }
      }
    }
  }
}
