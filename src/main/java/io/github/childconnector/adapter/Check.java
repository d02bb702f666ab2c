package io.github.childconnector.adapter;

import io.github.childconnector.operation.UpdateException;
import java.util.Optional;

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
