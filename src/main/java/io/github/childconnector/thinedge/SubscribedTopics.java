package io.github.childconnector.thinedge;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FileTrouble;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The topics that our session at the broker may be subscribed to, one a line, remembered beyond the
 * process. The broker's session outlives our configuration: the requests of a child that was moved
 * to another connector would go on arriving here too, and be answered by both.
 *
 * <p>Losing the file is no harm but that: what cannot be read or written is logged.
 */
public final class SubscribedTopics {
  private static final System.Logger LOG = System.getLogger(SubscribedTopics.class.getName());
  private static final int LONGEST = 4 << 20;

  private final Path file;
  private final Disk disk;
  private final Predicate<String> isTopic;
  private final Set<String> wanted;
  private final Set<String> known;

  /**
   * Reads the file.
   *
   * @param isTopic whether a line is what we subscribe to; whatever else there is, is ignored
   * @param wanted what this process subscribes to
   */
  public SubscribedTopics(Path file, Disk disk, Predicate<String> isTopic, Set<String> wanted) {
    this.isTopic = isTopic;
    this.file = file;
    this.disk = disk;
    this.wanted = wanted;
    this.known = read();
  }

  public Set<String> wanted() {
    return wanted;
  }

  /** The topics that an earlier process subscribed to and this one does not want. */
  public Set<String> dropped() {
    return known.stream().filter(topic -> !wanted.contains(topic)).collect(Collectors.toSet());
  }

  /** Notes that subscriptions begin: from now on the session may hold them. */
  public void begin() {
    removeLeftover();
    if (!known.containsAll(wanted)) {
      write(Stream.concat(known.stream(), wanted.stream()).collect(Collectors.toSet()));
    }
  }

  /** Notes that the broker has given up what is {@link #dropped}. */
  public void settled() {
    if (!dropped().isEmpty()) {
      write(wanted);
    }
  }

  private Set<String> read() {
    try (InputStream content = disk.read(file)) {
      return new String(content.readNBytes(LONGEST), StandardCharsets.UTF_8)
          .lines()
          .filter(isTopic)
          .collect(Collectors.toUnmodifiableSet());
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "Earlier subscriptions are not known: {0}", FileTrouble.sentence(e));
      return Set.of();
    }
  }

  /** Removes what a process that was killed while it wrote has left. */
  private void removeLeftover() {
    Path leftover = file.resolveSibling(file.getFileName() + Disk.TEMPORARY_SUFFIX);
    try {
      if (disk.exists(leftover)) {
        disk.delete(leftover);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "A leftover cannot be removed: {0}", FileTrouble.sentence(e));
    }
  }

  private void write(Set<String> topics) {
    String lines = topics.stream().sorted().collect(Collectors.joining("\n", "", "\n"));
    try {
      disk.replace(file, lines.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "Subscriptions cannot be remembered: {0}", FileTrouble.sentence(e));
    }
  }
}
