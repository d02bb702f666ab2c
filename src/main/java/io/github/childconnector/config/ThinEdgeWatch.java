package io.github.childconnector.config;

import io.github.childconnector.clock.MonotonicClock;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tells in the log when thin-edge's settings, from which some of ours are taken, have been changed:
 * thin-edge takes them over by a restart of its own, and nobody thinks of this program then.
 */
public final class ThinEdgeWatch {
  static final Duration INTERVAL = Duration.ofMinutes(1);

  private static final System.Logger LOG = System.getLogger(ThinEdgeWatch.class.getName());

  private final ConfigLoader loader;
  private final Path file;
  private final ConnectorConfig inEffect;
  private Optional<FileTime> seen;

  /** Watches the file from which this configuration has taken its defaults. */
  public ThinEdgeWatch(ConfigLoader loader, Path file, ConnectorConfig inEffect) {
    this.loader = loader;
    this.file = file;
    this.inEffect = inEffect;
    this.seen = time();
  }

  /** Looks once a minute. */
  public void start(MonotonicClock clock) {
    clock.repeat(
        INTERVAL,
        () -> {
          if (isTouched()) {
            clock.threads().daemon("thin-edge-settings", this::tell).start();
          }
        });
  }

  boolean isTouched() {
    Optional<FileTime> now = time();
    boolean isTouched = !now.equals(seen);
    seen = now;
    return isTouched;
  }

  private Optional<FileTime> time() {
    try {
      return Optional.of(
          Files.getLastModifiedTime(inEffect.thinEdge().directory().resolve("tedge.toml")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Says which of our sections would be others now; nothing if they are what they were. */
  void tell() {
    try {
      List<String> sections = loader.load(file).changedSections(inEffect);
      if (!sections.isEmpty()) {
        LOG.log(
            Level.WARNING,
            "Thin-edge''s settings in {0} have changed; what that changes in {1} takes effect after a restart of this service",
            inEffect.thinEdge().directory().resolve("tedge.toml"),
            String.join(", ", sections));
      }
    } catch (ConfigurationException e) {
      e.problems().forEach(problem -> LOG.log(Level.WARNING, problem.toString()));
    }
  }
}
