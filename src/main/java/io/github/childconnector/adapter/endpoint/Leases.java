package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.adapter.DeviceAdapter.Endpoint;
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
  private final Function<S, Place<S, D>> maker;
  private final Map<Object, Place<S, D>> places = new HashMap<>();

  /** A place where devices are served, called by one thread at a time. */
  public interface Place<S, D> {
    /** The devices that are held here, by whom only leases hold and release them. */
    HeldDevices<D> devices();

    /**
     * A child's claim to the device of these settings.
     *
     * @throws IOException they do not fit those of the others here; says what to do
     */
    HeldDevices.Claim<D> claim(ChildId child, S settings) throws IOException;

    /**
     * Serves a device that is held from now on, and opens first what is not open yet.
     *
     * @throws IOException it cannot; says what to do
     */
    void serve(S settings) throws IOException;

    /** Serves a device once less, which is held once less; also after it could not be served. */
    void release(S settings);

    /** Why no device can be heard at the moment, as far as that is known. */
    default Optional<String> trouble() {
      return Optional.empty();
    }

    /** Ends what is open, all of it or a part. */
    void close();
  }

  /**
   * Has nothing open yet.
   *
   * @param key of the place that settings name
   * @param maker makes that place, of which nothing is open yet
   */
  public Leases(Threads threads, Function<S, Object> key, Function<S, Place<S, D>> maker) {
    this.lock = threads.lock();
    this.key = key;
    this.maker = maker;
  }

  /**
   * Serves a device until the lease is closed.
   *
   * @throws IOException the place cannot be there, or serves another child by this name
   */
  public Lease<S, D> lease(ChildId child, S settings) throws IOException {
    Lease<S, D> lease = new Lease<>(this, child, settings);
    lease.open();
    return lease;
  }

  /** The endpoint of an adapter, which holds its device from start to end. */
  public Endpoint endpoint(ChildId child, S settings) {
    return new Lease<>(this, child, settings);
  }

  /** Holds a device while it is open. Closing it again has no effect. */
  public static final class Lease<S, D> implements Endpoint, AutoCloseable {
    private final Leases<S, D> leases;
    private final ChildId child;
    private final S settings;
    private Optional<Place<S, D>> place = Optional.empty();
    private Optional<String> held = Optional.empty();

    private Lease(Leases<S, D> leases, ChildId child, S settings) {
      this.leases = leases;
      this.child = child;
      this.settings = settings;
    }

    @Override
    public void open() throws IOException {
      leases.lock.lock();
      try {
        Place<S, D> there =
            leases.places.computeIfAbsent(
                leases.key.apply(settings), unused -> leases.maker.apply(settings));
        place = Optional.of(there);
        try {
          hold(there);
        } catch (IOException | RuntimeException | Error e) {
          // Nobody else knows of what is open by now.
          end(there);
          throw e;
        }
      } finally {
        leases.lock.unlock();
      }
    }

    private void hold(Place<S, D> there) throws IOException {
      HeldDevices.Claim<D> claim = there.claim(child, settings);
      there.devices().hold(claim);
      held = Optional.of(claim.name());
      there.serve(settings);
    }

    private void end(Place<S, D> there) {
      try {
        held.ifPresent(
            name -> {
              held = Optional.empty();
              there.devices().release(name);
              there.release(settings);
            });
      } finally {
        if (there.devices().isEmpty()) {
          leases.places.values().remove(there);
          there.close();
        }
      }
    }

    /** The device. */
    public D device() {
      return place.flatMap(there -> held.flatMap(there.devices()::device)).orElseThrow();
    }

    /** Why the device cannot be heard at the moment, as far as that is known. */
    public Optional<String> trouble() {
      return place.flatMap(Place::trouble);
    }

    @Override
    public void close() {
      leases.lock.lock();
      try {
        if (held.isPresent()) {
          place.ifPresent(this::end);
        }
      } finally {
        leases.lock.unlock();
      }
    }
  }
}
