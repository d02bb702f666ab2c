package io.github.childconnector.adapter;

import io.github.childconnector.operation.UpdateException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How {@code adapter-test} gets at an adapter.
 *
 * @param adapter the adapter as it is tried, which keeps what it notes for itself in the trial's
 *     own directory
 * @param hardened the same adapter under a hardship; empty where it runs no program that could feel
 *     it
 * @param checks what its family asks for besides
 */
public record Trial(
    DeviceAdapter adapter,
    Function<Hardship, Optional<DeviceAdapter>> hardened,
    List<Check> checks) {

  /** Keeps a copy of the checks. */
  public Trial {
    checks = List.copyOf(checks);
  }

  /** The hardships that {@code adapter-test} makes for the programs of an adapter. */
  public enum Hardship {
    /** No file can be written: every write fails as if the disk were full. */
    FULL_DISK,
    /**
     * The surroundings of a service: no variables but {@code PATH}, the locale and what the adapter
     * is configured with, files for nobody else, and a directory in which nothing can be created.
     */
    BARE_SERVICE,
    /** Nobody listens: every write to the outputs fails. */
    LOST_OUTPUT
  }

  /**
   * A demand that a family makes of what its adapters run, beyond what every adapter has to
   * withstand.
   *
   * @param name in one word for reports, for example {@code unknown-state}
   * @param work what is done to see it
   */
  public record Check(String name, Work work) {

    /** Does what shows it. */
    public interface Work {
      /**
       * Tries it for an update that nothing was done for yet.
       *
       * @return what was done wrong and how to mend it; empty if nothing was
       * @throws UpdateException the same, as a failure
       */
      Optional<String> run(Installation installation, Progress progress)
          throws UpdateException, InterruptedException;
    }
  }
}
