package io.github.childconnector.conformance;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.conformance.Workbench.Attempt;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Updates that nobody disturbs, forwards, backwards and again. */
final class PlainChecks {
  private static final String LEFT = "still running, and ended now: ";
  private static final String UNSEEN = "rollback was not seen to work";

  private final Workbench bench;
  private Optional<Attempt> first = Optional.empty();
  private Optional<String> before = Optional.empty();

  PlainChecks(Workbench bench) {
    this.bench = bench;
  }

  /** The first two checks, without which nothing else can be tried. */
  List<NamedCheck> beginning() {
    return List.of(
        new NamedCheck(
            "read-version",
            "It must answer at any time, change nothing, and say the same as long as nothing is installed.",
            this::readVersion),
        new NamedCheck(
            "install",
            "Let install end with 0 only when the image is on the device, and read_version write the version that was installed; --version has to be what the device then says.",
            this::install));
  }

  List<NamedCheck> rest() {
    return List.of(
        new NamedCheck(
            "nothing-left-running",
            "Wait for what you start in the background before you exit: it is ended half a second later.",
            this::nothingLeft),
        new NamedCheck(
            "rollback", "Let rollback restore what the device ran before.", this::rollback),
        new NamedCheck(
            "rollback-twice",
            "Let it note what it has restored (OPERATION_ID tells for which update), and do nothing the second time.",
            this::rollbackTwice),
        new NamedCheck(
            "rollback-untouched",
            "It is called after any failure, also of an update that never reached the device: let it do nothing then, and exit with 0.",
            this::rollbackUntouched),
        new NamedCheck(
            "same-update-again",
            "repeatable = true promises that an installation may be done again from its beginning, also where it had come to its end; mend that, or leave repeatable out.",
            this::sameUpdateAgain),
        new NamedCheck(
            "same-firmware-again",
            "A later update may bring the firmware that the device runs already: let it be installed, or exit with 0.",
            () -> bench.complete(bench.next())),
        new NamedCheck(
            "commit-twice",
            "A connector that was stopped right after it commits again: exit with 0.",
            this::commitTwice));
  }

  private void readVersion() throws Finding, UpdateException, IOException, InterruptedException {
    if (!bench.canSee()) {
      throw Finding.skipped(
          "no read_version is configured, so nothing below sees what the device really runs, and exit status 0 is taken for success");
    }
    String once = bench.version().orElseThrow();
    String again = bench.version().orElseThrow();
    if (!once.equals(again)) {
      throw Finding.failed("It says %s, and right after that %s".formatted(once, again));
    }
  }

  private void install() throws Finding, UpdateException, IOException, InterruptedException {
    before = bench.begin();
    Attempt attempt = bench.install(bench.adapter(), bench.next());
    first = Optional.of(attempt);
    if (attempt.failure().isPresent()) {
      throw Finding.failed(attempt.failure().get());
    }
    bench.note(attempt);
    bench.awaitVersion(attempt.installation().update(), Set.of(bench.wantedVersion()));
  }

  private void nothingLeft() throws Finding {
    Optional<String> left = first.flatMap(attempt -> attempt.remark(LEFT));
    if (left.isPresent()) {
      throw Finding.failed("When install had ended, there was %s".formatted(left.get()));
    }
  }

  private void rollback() throws Finding, UpdateException, IOException, InterruptedException {
    requireRollback("no way back is configured");
    Attempt attempt = first.orElseThrow();
    first = Optional.empty();
    if (before.equals(Optional.of(bench.wantedVersion()))) {
      bench.commit(attempt.installation().update());
      throw Finding.skipped(
          "the device ran version %s before already; with --previous and --previous-version the way back can be seen"
              .formatted(bench.wantedVersion()));
    }
    restoreFirst(attempt.installation().update());
    first = Optional.of(attempt);
  }

  private void requireRollback(String otherwise) throws Finding {
    if (bench.adapter().rollback().isEmpty()) {
      throw Finding.skipped(otherwise);
    }
  }

  private void restoreFirst(FirmwareUpdate update)
      throws Finding, UpdateException, InterruptedException {
    try {
      bench.restore(update);
    } catch (UpdateException e) {
      if (Recovery.hasNoWayBack(e)) {
        throw Finding.skipped(e.failure().sentence());
      }
      throw e;
    }
    bench.awaitVersion(update, before);
  }

  private void rollbackTwice() throws Finding, UpdateException, InterruptedException {
    requireRollback(UNSEEN);
    Attempt attempt = first.orElseThrow(() -> Finding.skipped(UNSEEN));
    FirmwareUpdate update = attempt.installation().update();
    bench.restore(update);
    bench.awaitVersion(update, before);
  }

  private void rollbackUntouched()
      throws Finding, UpdateException, IOException, InterruptedException {
    requireRollback("no way back is configured");
    Optional<String> runs = bench.begin();
    FirmwareUpdate update = bench.next().update();
    bench.restore(update);
    bench.awaitVersion(update, runs);
  }

  private void sameUpdateAgain()
      throws Finding, UpdateException, IOException, InterruptedException {
    if (!bench.adapter().isRepeatable()) {
      throw Finding.skipped(
          "not declared to be repeatable: an installation that is cut off by a restart ends as failed");
    }
    bench.begin();
    Installation installation = bench.next();
    bench.complete(installation);
    bench.complete(installation);
  }

  private void commitTwice() throws Finding, UpdateException, IOException, InterruptedException {
    if (bench.adapter().commitment().isEmpty()) {
      throw Finding.skipped("this adapter needs no commit");
    }
    Installation installation = bench.next();
    bench.complete(installation);
    bench.commit(installation.update());
  }
}
