package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.Codec;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The devices that are served on one transport, by the names they have there. */
final class Dialogues {
  private final MonotonicClock clock;
  private final Supplier<Codec> maker;
  private final Map<String, Served> served = new ConcurrentHashMap<>();
  private Optional<Codec> codec = Optional.empty();

  /** Serves nobody yet; the codec is made when it is needed. */
  Dialogues(MonotonicClock clock, Supplier<Codec> maker) {
    this.clock = clock;
    this.maker = maker;
  }

  /** How a device is known, and how many need it to be. */
  private record Served(
      ChildId child, DfuDevice device, Dialogue dialogue, String login, int holders) {
    boolean isShownBy(String header) {
      return MessageDigest.isEqual(
          login.getBytes(StandardCharsets.UTF_8), header.getBytes(StandardCharsets.UTF_8));
    }

    Served heldBy(String header, int count) {
      return new Served(child, device, dialogue, header, count);
    }
  }

  private synchronized Codec codec() {
    Codec made = codec.orElseGet(maker);
    codec = Optional.of(made);
    return made;
  }

  /**
   * Serves the device of a child from now on.
   *
   * @throws IOException another child has this name, or the password cannot be read
   */
  DfuDevice hold(ChildId child, Access access) throws IOException {
    String header = access.login().isPresent() ? access.login().get().header() : "";
    Served known =
        Optional.ofNullable(served.get(access.device())).orElseGet(() -> stranger(child, access));
    if (!known.child().equals(child)) {
      throw new IOException(
          "drogue.device: %s is the device of %s and of %s; give each child its own"
              .formatted(access, known.child(), child));
    }
    served.put(access.device(), known.heldBy(header, known.holders() + 1));
    return known.device();
  }

  private Served stranger(ChildId child, Access access) {
    DfuDevice device = new DfuDevice(clock);
    Dialogue dialogue = new DeviceDialogue(access.toString(), device, this::codec, clock);
    return new Served(child, device, dialogue, "", 0);
  }

  /** One holder less. */
  void release(String name) {
    Optional.ofNullable(served.get(name)).ifPresent(each -> release(name, each));
  }

  private void release(String name, Served each) {
    if (each.holders() == 1) {
      served.remove(name);
    } else {
      served.put(name, each.heldBy(each.login(), each.holders() - 1));
    }
  }

  /** The clock for all that is done with these devices. */
  MonotonicClock clock() {
    return clock;
  }

  boolean isEmpty() {
    return served.isEmpty();
  }

  /** The names of all. */
  Set<String> names() {
    return Set.copyOf(served.keySet());
  }

  /** The dialogue with the device of this name. */
  Optional<Dialogue> of(String name) {
    return Optional.ofNullable(served.get(name)).map(Served::dialogue);
  }

  /** The same, if this is its login. */
  Optional<Dialogue> of(String name, String header) {
    return Optional.ofNullable(served.get(name))
        .filter(each -> each.isShownBy(header))
        .map(Served::dialogue);
  }
}
