package io.github.childconnector.conformance;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Trial.Hardship;
import io.github.childconnector.conformance.Workbench.Attempt;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Installations without room on the disk, in a service's surroundings, and with nobody listening.
 */
final class HardshipChecks {
  /** The words of the C library and of shells for a write that found no room. */
  private static final Pattern NO_ROOM =
      Pattern.compile("(?i).*(File too large|No space left|size limit exceeded).*");

  /** The end of the sentence about a program that gave no reason. */
  private static final String SPEECHLESS = "and wrote nothing on standard error";

  private final Workbench bench;
  private final Recovery recovery;

  HardshipChecks(Workbench bench) {
    this.bench = bench;
    this.recovery = new Recovery(bench);
  }

  List<NamedCheck> list() {
    return List.of(
        new NamedCheck(
            "full-disk",
            "Look at the result of every write (set -e in a shell), exit with another status than 0, and say why on standard error.",
            this::fullDisk),
        new NamedCheck(
            "bare-service",
            "The service has no HOME and a short PATH, and may write in few places: name programs and files by their full paths, and set what they need in environment.",
            this::bareService),
        new NamedCheck(
            "lost-output",
            "When the connector is killed nobody reads what it writes: let that do no harm to the device, nor to the next update.",
            () -> attempt(Hardship.LOST_OUTPUT)));
  }

  /** Installs under a hardship, and goes on as the engine does. */
  private Attempt attempt(Hardship hardship)
      throws Finding, UpdateException, IOException, InterruptedException {
    DeviceAdapter adapter =
        bench
            .subject()
            .trial()
            .hardened()
            .apply(hardship)
            .orElseThrow(() -> Finding.skipped("this child's installations run no program"));
    Optional<String> before = bench.begin();
    Attempt attempt = bench.install(adapter, bench.next());
    recovery.afterEnd(attempt, before);
    return attempt;
  }

  private void fullDisk() throws Finding, UpdateException, IOException, InterruptedException {
    Attempt attempt = attempt(Hardship.FULL_DISK);
    Optional<String> complaint =
        attempt.said().stream().filter(line -> NO_ROOM.matcher(line).matches()).findFirst();
    if (attempt.isSuccess() && complaint.isPresent()) {
      throw Finding.failed(
          "It ended with 0 although a write failed: %s".formatted(complaint.get()));
    }
    if (attempt.failure().filter(text -> text.contains(SPEECHLESS)).isPresent()) {
      throw Finding.failed("It failed and did not say why, where no file could be written");
    }
    if (attempt.isSuccess() && !bench.canSee()) {
      throw Finding.skipped(
          "it ended with 0 where no file could be written, and without read_version nobody sees whether it needed none");
    }
  }

  private void bareService() throws Finding, UpdateException, IOException, InterruptedException {
    Optional<String> failure = attempt(Hardship.BARE_SERVICE).failure();
    if (failure.isPresent()) {
      throw Finding.failed("In a service's surroundings it fails: %s".formatted(failure.get()));
    }
  }
}
