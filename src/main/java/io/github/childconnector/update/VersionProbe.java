package io.github.childconnector.update;

import io.github.childconnector.adapter.VersionReader;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.UpdateException;
import java.util.Optional;

/** Asks devices which version they run, within their {@code version_timeout}. */
final class VersionProbe {
  private final TimeLimit limit;

  VersionProbe(MonotonicClock clock) {
    this.limit = new TimeLimit(clock);
  }

  /**
   * What a device answered.
   *
   * @param isWanted whether it runs the version of the update
   * @param sentence what it runs, or why that is not known
   */
  record Reading(boolean isWanted, String sentence) {}

  /** Asks once; empty if the adapter cannot see versions. */
  Optional<Reading> ask(Operation operation) throws InterruptedException {
    Optional<VersionReader> reader = operation.child().adapter().versionReader();
    return reader.isPresent() ? Optional.of(read(reader.get(), operation)) : Optional.empty();
  }

  /** A failure, and what the device runs now where that can be seen. */
  Failure describe(Operation operation, Failure failure) throws InterruptedException {
    return ask(operation).map(reading -> failure.with(reading.sentence())).orElse(failure);
  }

  private Reading read(VersionReader reader, Operation operation) throws InterruptedException {
    try {
      String version =
          limit.call(
              operation.child().versionTimeout(), () -> reader.readVersion(operation.update()));
      String requested = operation.update().firmware().version();
      boolean wanted = version.strip().equals(requested.strip());
      return new Reading(wanted, "The device runs " + version + ".");
    } catch (UpdateException e) {
      return new Reading(false, e.failure().sentence());
    } catch (TimeLimit.Exceeded e) {
      return new Reading(
          false,
          "Reading the version took longer than version_timeout ("
              + DurationText.write(operation.child().versionTimeout())
              + ").");
    }
  }
}
