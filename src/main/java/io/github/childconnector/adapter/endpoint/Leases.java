package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.adapter.Endpoint;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;

/**
 * The places where devices are served, such as a server or a connection, which children share: one
 * for equal keys, there as long as somebody holds a device there.
 *
 * @param <S> the settings by which a device is served
 * @param <D> the device
 */
public final class Leases<S, D> {
  private final Lock lock;
  private final Function<S, Object> key;
  private final Opener<S, D> opener;
  private final Map<Object, Place<S, D>> places = new HashMap<>();

  /** A place where devices are served, called by one thread at a time. */
  public interface Place<S, D> {
    /**
     * Serves a device from now on, once more if it is served already.
     *
     * @throws IOException it cannot be served, and then is not; says what to do
     */
    D hold(ChildId child, S settings) throws IOException;

    /** Serves it once less. */
    void release(S settings);

    /** Whether no device is served. */
    boolean isUnused();

    /** Why no device can be heard at the moment, as far as that is known. */
    default Optional<String> trouble() {
      return Optional.empty();
    }

    /** Ends it. */
    void close();
  }

  /** Makes a place that serves nobody yet. */
  public interface Opener<S, D> {
    /**
     * Makes the place that these settings name.
     *
     * @throws IOException it cannot be made; says what to do
     */
    Place<S, D> open(S first) throws IOException;
  }

  /**
   * Has nothing open yet.
   *
   * @param key of the place that settings name
   */
  public Leases(Threads threads, Function<S, Object> key, Opener<S, D> opener) {
    this.lock = threads.lock();
    this.key = key;
    this.opener = opener;
  }

  /**
   * Serves a device until the lease is closed.
   *
   * @throws IOException the place cannot be there, or serves another child by this name
   */
  public Lease<D> lease(ChildId child, S settings) throws IOException {
    lock.lock();
    try {
      Object where = key.apply(settings);
      Place<S, D> place = places.get(where);
      if (place == null) {
        place = opener.open(settings);
      }
      try {
        Held lease = new Held(settings, place, place.hold(child, settings));
        places.put(where, place);
        return lease;
      } finally {
        endUnused(place);
      }
    } finally {
      lock.unlock();
    }
  }

  private void endUnused(Place<S, D> place) {
    if (place.isUnused()) {
      places.values().remove(place);
      place.close();
    }
  }

  /** The endpoint of an adapter, which holds its device from start to end. */
  public Endpoint endpoint(ChildId child, S settings) {
    return new HoldingEndpoint(child, settings);
  }

  /**
   * Holds a device until it is closed. Closing again has no effect.
   *
   * @param <D> the device
   */
  public interface Lease<D> extends AutoCloseable {
    /** The device. */
    D device();

    /** Why the device cannot be heard at the moment, as far as that is known. */
    Optional<String> trouble();

    @Override
    void close();
  }

  private final class Held implements Lease<D> {
    private final S settings;
    private final Place<S, D> place;
    private final D device;
    private boolean isClosed;

    private Held(S settings, Place<S, D> place, D device) {
      this.settings = settings;
      this.place = place;
      this.device = device;
    }

    @Override
    public D device() {
      return device;
    }

    @Override
    public Optional<String> trouble() {
      return place.trouble();
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!isClosed) {
          isClosed = true;
          place.release(settings);
          endUnused(place);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private final class HoldingEndpoint implements Endpoint {
    private final ChildId child;
    private final S settings;
    private Optional<Lease<D>> lease = Optional.empty();

    private HoldingEndpoint(ChildId child, S settings) {
      this.child = child;
      this.settings = settings;
    }

    @Override
    public void open() throws IOException {
      lease = Optional.of(lease(child, settings));
    }

    @Override
    public void close() {
      lease.ifPresent(Lease::close);
      lease = Optional.empty();
    }
  }
}
