package io.github.childconnector.adapter.endpoint;

import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The devices that are served at one place, by the names with which they come: each for as long as
 * somebody holds it. One thread at a time may hold and release, any may look.
 *
 * @param <D> what is known of a device
 */
public final class HeldDevices<D> {
  private final String key;
  private final Map<String, Held<D>> held = new ConcurrentHashMap<>();

  /**
   * A child's claim to the device of this name.
   *
   * @param name empty where the device is alone
   * @param shown what people know it by
   * @param login the header {@code Authorization} with which it comes, as a whole; may be empty
   * @param stranger makes what is known of a device that is not served yet
   */
  public record Claim<D>(
      ChildId child, String name, String shown, String login, Supplier<D> stranger) {}

  private record Held<D>(Claim<D> claim, D device, int holders) {}

  /**
   * Serves nobody yet.
   *
   * @param key the setting with a device's name, for example {@code drogue.device}
   */
  public HeldDevices(String key) {
    this.key = key;
  }

  /**
   * Serves a device from now on, by the login that it has now; once more if it is served already.
   *
   * @throws IOException the device of another child has this name
   */
  public D hold(Claim<D> claim) throws IOException {
    Held<D> known =
        Optional.ofNullable(held.get(claim.name()))
            .orElseGet(() -> new Held<>(claim, claim.stranger().get(), 0));
    if (!known.claim().child().equals(claim.child())) {
      throw new IOException(
          "%s: %s is the device of %s and of %s; give each child its own"
              .formatted(key, claim.shown(), known.claim().child(), claim.child()));
    }
    held.put(claim.name(), new Held<>(claim, known.device(), known.holders() + 1));
    return known.device();
  }

  /** Serves the device of this name once less. */
  public void release(String name) {
    Optional<Held<D>> each = Optional.ofNullable(held.get(name));
    if (each.filter(known -> known.holders() > 1).isPresent()) {
      held.put(name, new Held<>(each.get().claim(), each.get().device(), each.get().holders() - 1));
    } else {
      held.remove(name);
    }
  }

  /** Whether nobody is served. */
  public boolean isEmpty() {
    return held.isEmpty();
  }

  /** The names of all. */
  public Set<String> names() {
    return Set.copyOf(held.keySet());
  }

  /** The device of this name. */
  public Optional<D> device(String name) {
    return Optional.ofNullable(held.get(name)).map(Held::device);
  }

  /** The device of this name, if this is its login. */
  public Optional<D> device(String name, String login) {
    return Optional.ofNullable(held.get(name))
        .filter(each -> BasicLogin.isSame(each.claim().login(), login))
        .map(Held::device);
  }

  /** The devices that have this login. */
  public Stream<D> devices(String login) {
    return held.values().stream()
        .filter(each -> BasicLogin.isSame(each.claim().login(), login))
        .map(Held::device);
  }
}
