package io.github.childconnector.adapter.drogue;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The transports that are open: one for equal settings, there as long as a child needs it. */
final class Transports {
  private final MonotonicClock clock;
  private final Map<TransportSettings, Open> open = new HashMap<>();

  Transports(MonotonicClock clock) {
    this.clock = clock;
  }

  private record Open(Transport transport, Dialogues dialogues) {}

  /** Holds a transport, and a device on it, until it is closed. Closing again has no effect. */
  interface Lease extends AutoCloseable {
    DfuDevice device();

    /** Why the device cannot be heard at the moment, as far as that is known. */
    Optional<String> trouble();

    @Override
    void close();
  }

  /**
   * Lets the device of a child be served.
   *
   * @throws IOException the transport cannot be there, or serves another child by this name
   */
  synchronized Lease lease(ChildId child, Access access) throws IOException {
    Open shared = open.get(access.transport());
    if (shared != null) {
      return lease(shared, child, access);
    }
    Open opened = make(access.transport());
    try {
      Lease lease = lease(opened, child, access);
      opened.transport().open();
      open.put(access.transport(), opened);
      return lease;
    } catch (IOException | RuntimeException e) {
      opened.transport().close();
      throw e;
    }
  }

  private Open make(TransportSettings settings) {
    Dialogues dialogues = new Dialogues(clock, settings::codec);
    return new Open(settings.transport(dialogues), dialogues);
  }

  private Lease lease(Open on, ChildId child, Access access) throws IOException {
    DfuDevice device = on.dialogues().hold(child, access);
    on.transport().serve(on.dialogues().names());
    return new Held(on, device, access);
  }

  private final class Held implements Lease {
    private final Open on;
    private final DfuDevice device;
    private final Access access;
    private boolean isClosed;

    private Held(Open on, DfuDevice device, Access access) {
      this.on = on;
      this.device = device;
      this.access = access;
    }

    @Override
    public DfuDevice device() {
      return device;
    }

    @Override
    public Optional<String> trouble() {
      return on.transport().trouble();
    }

    @Override
    public void close() {
      synchronized (Transports.this) {
        if (!isClosed) {
          isClosed = true;
          release();
        }
      }
    }

    private void release() {
      on.dialogues().release(access.device());
      if (on.dialogues().isEmpty()) {
        open.remove(access.transport());
        on.transport().close();
      } else {
        on.transport().serve(on.dialogues().names());
      }
    }
  }
}
