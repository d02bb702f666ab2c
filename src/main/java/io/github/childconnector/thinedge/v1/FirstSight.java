package io.github.childconnector.thinedge.v1;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Knows, beyond the process, whose commands have been seen before: the commands of a child that lie
 * at the broker when it is first served may be of any age. Its first sight is over when for a while
 * no more of them came.
 *
 * <p>The file has the ids of the children that were seen, one a line. A child that is not served
 * any more is forgotten, because from then on its commands pile up again.
 */
public final class FirstSight {
  /** How long no old command came when all are there: brokers send them one after the other. */
  static final Duration QUIET = Duration.ofMinutes(1);

  private static final System.Logger LOG = System.getLogger(FirstSight.class.getName());
  private static final int LONGEST = 4 << 20;

  private final Path file;
  private final Disk disk;
  private final MonotonicClock clock;
  private Set<ChildId> served = Set.of();
  private Set<ChildId> seen = Set.of();
  private long latest;
  private boolean isTimed;

  /** Knows what this file says. */
  public FirstSight(Path file, Disk disk, MonotonicClock clock) {
    this.file = file;
    this.disk = disk;
    this.clock = clock;
  }

  /** Serves these children from now on; what is known of others is forgotten. */
  public synchronized void serve(Collection<ChildId> children) {
    served = Set.copyOf(children);
    Set<ChildId> before = read();
    Set<ChildId> known = new HashSet<>(before);
    known.retainAll(served);
    seen = Set.copyOf(known);
    if (!seen.equals(before)) {
      write();
    }
  }

  /** Whether a child is seen for the first time, of which a command came that lay at the broker. */
  synchronized boolean isOf(ChildId child) {
    latest = clock.nanoTime();
    return !seen.contains(child);
  }

  /** The commands that lie at the broker begin to come. */
  public synchronized void connected() {
    latest = clock.nanoTime();
    if (!isTimed && !seen.equals(served)) {
      isTimed = true;
      clock.schedule(QUIET, this::look);
    }
  }

  private synchronized void look() {
    Duration quiet = Duration.ofNanos(clock.nanoTime() - latest);
    if (quiet.compareTo(QUIET) < 0) {
      clock.schedule(QUIET.minus(quiet), this::look);
      return;
    }
    isTimed = false;
    seen = served;
    write();
  }

  private Set<ChildId> read() {
    try (InputStream content = disk.read(file)) {
      return new String(content.readNBytes(LONGEST), StandardCharsets.UTF_8)
          .lines()
          .filter(ChildId::isValid)
          .map(ChildId::new)
          .collect(Collectors.toUnmodifiableSet());
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "Whose commands were seen before is not known ({0}); old ones are refused",
          FileTrouble.sentence(e));
      return Set.of();
    }
  }

  private void write() {
    String lines =
        seen.stream().map(ChildId::value).sorted().collect(Collectors.joining("\n", "", "\n"));
    try {
      disk.replace(file, lines.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "Whose commands were seen cannot be remembered ({0})",
          FileTrouble.sentence(e));
    }
  }
}
