package io.github.childconnector.conformance;

import io.github.childconnector.conformance.Workbench.Attempt;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The engine's moves after an installation that came to no good end, and the update after that. */
final class Recovery {
  /** The end of the sentence of an adapter that has no way back. */
  private static final String NO_WAY_BACK = "cannot go back (SupportsRollback)";

  private final Workbench bench;

  Recovery(Workbench bench) {
    this.bench = bench;
  }

  /** Goes the engine's way after an installation that was cut off, then updates undisturbed. */
  void afterCut(Attempt attempt, Optional<String> before)
      throws Finding, UpdateException, IOException, InterruptedException {
    FirmwareUpdate update = attempt.installation().update();
    bench.endLeftovers(update);
    bench.awaitVersion(update, either(before));
    if (bench.adapter().isRepeatable()) {
      bench.complete(attempt.installation());
    } else {
      goBack(update);
    }
    bench.complete(bench.next());
  }

  /** Goes the engine's way after an installation that ended by itself, then updates. */
  void afterEnd(Attempt attempt, Optional<String> before)
      throws Finding, UpdateException, IOException, InterruptedException {
    FirmwareUpdate update = attempt.installation().update();
    if (attempt.isSuccess()) {
      bench.awaitVersion(update, Set.of(bench.wantedVersion()));
      bench.commit(update);
    } else {
      bench.awaitVersion(update, either(before));
      goBack(update);
    }
    bench.complete(bench.next());
  }

  /** The version before and the wanted one; a device is to run one of them at any time. */
  private Set<String> either(Optional<String> before) {
    Set<String> versions = new LinkedHashSet<>();
    before.ifPresent(versions::add);
    versions.add(bench.wantedVersion());
    return versions;
  }

  /** Goes back, where there is a way. */
  void goBack(FirmwareUpdate update) throws Finding, UpdateException, InterruptedException {
    try {
      bench.restore(update);
    } catch (UpdateException e) {
      if (!hasNoWayBack(e)) {
        throw Finding.failed("Its rollback fails: %s".formatted(e.failure().sentence()));
      }
    }
  }

  static boolean hasNoWayBack(UpdateException trouble) {
    return trouble.failure().sentence().contains(NO_WAY_BACK);
  }
}
