package io.github.childconnector.image;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Sha256;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The downloads of images whose digest nobody has promised: one of an address at a time. What one
 * has brought also serves those who ask for it until nobody needs the address any more, but no
 * longer than one download may take: what lies there may be another image by then.
 */
final class UrlDownloads {
  private final Duration longest;
  private final MonotonicClock clock;
  private final Set<Wanted> underWay = new HashSet<>();
  private final Map<Wanted, Brought> brought = new HashMap<>();

  private record Brought(Sha256 digest, Deadline usable) {}

  /** Downloads that take no longer than {@code longest}. */
  UrlDownloads(Duration longest, MonotonicClock clock) {
    this.longest = longest;
    this.clock = clock;
  }

  /**
   * Returns when nobody else fetches from this address, who then has to wait until {@link #end};
   * and the digest of what somebody else has brought from there.
   */
  synchronized Optional<Sha256> begin(Wanted wanted) throws InterruptedException {
    while (underWay.contains(wanted)) {
      clock.threads().await(this);
    }
    underWay.add(wanted);
    return Optional.ofNullable(brought.get(wanted))
        .filter(image -> !image.usable().expired())
        .map(Brought::digest);
  }

  /** Notes what has come from there. */
  synchronized void note(Wanted wanted, Sha256 digest) {
    brought.put(wanted, new Brought(digest, Deadline.after(longest, clock)));
  }

  synchronized void end(Wanted wanted) {
    underWay.remove(wanted);
    clock.threads().wake(this);
  }

  /** Forgets what came from addresses that nobody needs; returns the digests of the others. */
  synchronized List<Sha256> retain(Set<Wanted> needed) {
    brought.keySet().removeIf(wanted -> !needed.contains(wanted) && !underWay.contains(wanted));
    return brought.values().stream().map(Brought::digest).toList();
  }
}
