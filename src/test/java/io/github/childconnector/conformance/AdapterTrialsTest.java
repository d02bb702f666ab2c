package io.github.childconnector.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.conformance.Result.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A good program passes, and each fault is found by the check that is meant for it. */
@Timeout(300)
@IntegrationTest
class AdapterTrialsTest {
  private static final List<String> STOPPED =
      List.of("stopped-at-1/4", "stopped-at-2/4", "stopped-at-3/4");
  private static final List<String> KILLED =
      List.of("killed-at-1/4", "killed-at-2/4", "killed-at-3/4");

  @TempDir private Path directory = Path.of("");
  private FaultyPrograms programs = new FaultyPrograms(directory);

  @BeforeEach
  void setUp() {
    programs = new FaultyPrograms(directory);
  }

  private static List<String> failed(List<Result> results) {
    return names(results, Verdict.FAILED);
  }

  private static List<String> names(List<Result> results, Verdict verdict) {
    return results.stream().filter(each -> each.verdict() == verdict).map(Result::check).toList();
  }

  private static String text(List<Result> results, String check) {
    return results.stream()
        .filter(each -> each.check().equals(check))
        .map(Result::text)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aGoodCommandPasses() throws Exception {
    List<Result> results = programs.with("install", "sleep 0.02", "sleep 0.1").runCommand();

    assertThat(failed(results)).isEmpty();
    assertThat(names(results, Verdict.SKIPPED))
        .filteredOn(each -> !STOPPED.contains(each) && !KILLED.contains(each))
        .containsExactly("commit-twice");
    assertThat(names(results, Verdict.OK)).containsAnyElementsOf(KILLED);
    assertThat(names(results, Verdict.OK))
        .contains("install", "rollback-twice", "full-disk", "half-image", "last-update");
    assertThat(directory.resolve("version")).hasContent("2.0");
  }

  @Test
  void aGoodModulePasses() throws Exception {
    List<Result> results = programs.runModule();

    assertThat(failed(results)).containsExactly("empty-image", "half-image", "foreign-image");
    assertThat(names(results, Verdict.OK))
        .contains("rollback", "commit-twice", "states-twice", "broken-stream", "last-update");
  }

  @Test
  void aProcessThatOutlivesTheInstallationIsNamed() throws Exception {
    programs
        .only("nothing-left-running", "same-firmware-again", "rollback-twice", "last-update")
        .with(
            "install",
            "# end",
            """
            [ "$2" != 2.0 ] || [ -e left ] || {
              : >left
              sleep 30 &
              until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.01; done
            }
            """);
    List<Result> results = programs.runCommand();

    assertThat(failed(results)).containsExactly("nothing-left-running");
    assertThat(text(results, "nothing-left-running")).contains("/sleep");
  }

  @Test
  void aChildThatIsForgottenAtTermIsFound() throws Exception {
    programs
        .impatient()
        .only("stopped-at-1/4", "stopped-at-2/4", "stopped-at-3/4", "killed-at-2/4", "last-update")
        .with(
            "install",
            "# begin",
            """
            sh -c 'trap "" TERM; exec sleep 30' & child=$!
            trap 'exit 143' TERM
            """)
        .with("install", "sleep 0.02", "sleep 0.2")
        .with("install", "# end", "kill -9 $child; wait $child || true");
    List<Result> results = programs.runCommand();

    assertThat(failed(results)).isNotEmpty().isSubsetOf(STOPPED);
    assertThat(results)
        .anyMatch(each -> each.text().contains("did not end at TERM, and killed now"));
  }

  @Test
  void aProgramThatIgnoresTermIsFound() throws Exception {
    programs
        .impatient()
        .only("stopped-at-1/4", "stopped-at-2/4", "stopped-at-3/4", "killed-at-2/4", "last-update")
        .with("install", "# begin", "trap 'while :; do sleep 1 || :; done' TERM")
        .with("install", "sleep 0.02", "sleep 0.2 || :");

    assertThat(failed(programs.runCommand())).isNotEmpty().isSubsetOf(STOPPED);
  }

  @Test
  void aProgramThatCannotBeRepeatedIsFound() throws Exception {
    programs
        .only(
            "same-update-again",
            "stopped-at-2/4",
            "killed-at-2/4",
            "same-firmware-again",
            "rollback-twice",
            "last-update")
        .with(
            "install",
            "# begin",
            "[ \"$(cat operation)\" != \"$OPERATION_ID\" ] || { echo \"I did that\" >&2; exit 1; }");
    List<Result> results = programs.runCommand();

    assertThat(failed(results)).contains("same-update-again");
    assertThat(failed(results))
        .filteredOn(each -> !STOPPED.contains(each) && !KILLED.contains(each))
        .containsExactly("same-update-again");
    assertThat(text(results, "same-update-again")).contains("I did that", "repeatable");
  }

  @Test
  void aProgramThatIsLockedAfterAKillIsFound() throws Exception {
    programs
        .only("killed-at-1/4", "killed-at-2/4", "killed-at-3/4", "stopped-at-2/4", "last-update")
        .with(
            "install",
            "# begin",
            """
            trap 'rm -f lock; exit 143' TERM
            trap 'rm -f lock' EXIT
            if [ -e lock ]; then echo "the device is locked" >&2; exit 1; fi
            : >lock
            """)
        .with("install", "sleep 0.02", "sleep 0.2");
    List<Result> results = programs.runCommand();

    assertThat(failed(results)).isNotEmpty().isSubsetOf(KILLED);
    assertThat(text(results, failed(results).get(0))).contains("the device is locked");
  }

  @Test
  void aVersionOfTwoLinesIsFound() throws Exception {
    programs
        .only("read-version-line", "same-firmware-again", "rollback-twice", "last-update")
        .with("read_version", "#!/bin/sh", "#!/bin/sh\ntrap 'echo built yesterday' EXIT");

    assertThat(failed(programs.runCommand())).containsExactly("read-version-line");
  }

  @Test
  void aVersionThatChangesByItselfEndsTheTest() throws Exception {
    programs.with("read_version", "cat", "date +%N; cat");
    List<Result> results = programs.runCommand();

    assertThat(failed(results)).contains("read-version");
    assertThat(names(results, Verdict.SKIPPED)).contains("rollback", "full-disk", "last-update");
  }

  @Test
  void anEmptyImageThatIsTakenIsFound() throws Exception {
    programs
        .only("missing-image", "empty-image", "half-image", "foreign-image")
        .with("install", "[ -s \"$1\" ]", "[ -e \"$1\" ]")
        .with("install", "[ \"$(head", "[ ! -s \"$1\" ] || [ \"$(head")
        .with("install", "[ \"$(tail", "[ ! -s \"$1\" ] || [ \"$(tail");

    assertThat(failed(programs.runCommand())).containsExactly("empty-image");
  }

  @Test
  void successOnAFullDiskIsFound() throws Exception {
    programs
        .only("full-disk", "bare-service", "lost-output", "missing-image", "last-update")
        .with("install", "cp \"$1\" image.new", "cp \"$1\" image.new || :")
        .with("install", "set -eu", "set -u");
    List<Result> results = programs.runCommand();

    assertThat(failed(results)).containsExactly("full-disk");
  }

  @Test
  void silenceOnAFullDiskIsFound() throws Exception {
    programs
        .only("full-disk", "bare-service", "lost-output", "missing-image", "last-update")
        .with("install", "# begin", "exec 2>/dev/null");

    assertThat(failed(programs.runCommand())).containsExactly("full-disk");
  }

  @Test
  void aProgramThatNeedsAHomeIsFound() throws Exception {
    programs
        .only("full-disk", "bare-service", "lost-output", "missing-image", "last-update")
        .with("install", "# begin", ": \"${HOME:?is not set}\"");
    List<Result> results = programs.runCommand();

    assertThat(failed(results)).containsExactly("bare-service");
    assertThat(text(results, "bare-service")).contains("HOME");
  }

  @Test
  void aProgramThatBreaksWithoutAListenerIsFound() throws Exception {
    programs
        .only("full-disk", "bare-service", "lost-output", "missing-image", "last-update")
        .with(
            "install",
            "echo \"step write\"",
            "[ ! -e broken ] || { rm broken; echo broken >&2; exit 1; }\n"
                + "echo \"step write\" || { : >broken; exit 1; }");

    assertThat(failed(programs.runCommand())).containsExactly("lost-output");
  }

  @Test
  void aRollbackThatSwapsIsFound() throws Exception {
    programs
        .only("rollback", "rollback-twice", "rollback-untouched", "last-update")
        .with("rollback", "echo none >operation", "mv aside previous");

    assertThat(failed(programs.runCommand())).containsExactly("rollback-twice");
  }

  @Test
  void aRollbackThatDoesNothingIsFound() throws Exception {
    programs
        .only("rollback", "rollback-twice", "rollback-untouched", "last-update")
        .with("rollback", "set -eu", "exit 0");

    assertThat(failed(programs.runCommand())).containsExactly("rollback");
  }

  @Test
  void aModuleThatCleansUpOnceOnlyIsFound() throws Exception {
    programs
        .only(
            "unknown-state",
            "answers",
            "cleanup-untouched",
            "file-tree",
            "last-update",
            "states-twice")
        .with("module", "Cleanup) :", "Cleanup) [ ! -e \"$tree/tmp/c\" ]; : >\"$tree/tmp/c\"");
    List<Result> results = programs.runModule();

    assertThat(failed(results)).containsExactly("cleanup-untouched", "states-twice");
    assertThat(text(results, "cleanup-untouched"))
        .startsWith("Cleanup fails when it is called a second time");
  }

  @Test
  void aModuleThatRefusesUnknownStatesIsFound() throws Exception {
    programs
        .only("unknown-state", "answers", "cleanup-untouched", "file-tree", "last-update")
        .with(
            "module",
            "# else",
            "Artifact*|Download|ProvidePayloadFileSizes) : ;;\n*) echo \"what is $1?\" >&2; exit 1 ;;");
    List<Result> results = programs.runModule();

    assertThat(failed(results)).containsExactly("unknown-state");
    assertThat(text(results, "unknown-state")).contains("what is NoSuchState?", "exit with 0");
  }

  @Test
  void anAnswerThatIsNoneIsFound() throws Exception {
    programs.with("module", "NeedsArtifactReboot) echo Yes", "NeedsArtifactReboot) echo maybe");
    List<Result> results = programs.runModule();

    assertThat(failed(results)).containsExactly("install");
    assertThat(text(results, "install")).contains("NeedsArtifactReboot with \"maybe\"");
  }

  @Test
  void aModuleThatWritesIntoItsTreeIsFound() throws Exception {
    programs
        .only("unknown-state", "answers", "cleanup-untouched", "file-tree", "last-update")
        .with("module", "mv image.new image", "mv image.new image; echo 4 >\"$tree/version\"");

    assertThat(failed(programs.runModule())).containsExactly("file-tree");
  }

  @Test
  void aModuleThatCannotGoBackIsNotAsked() throws Exception {
    programs
        .only("rollback", "rollback-twice", "failure-states-twice", "last-update")
        .with("module", "SupportsRollback) echo Yes", "SupportsRollback) echo No");
    List<Result> results = programs.runModule();

    assertThat(names(results, Verdict.SKIPPED)).contains("rollback", "rollback-twice");
    assertThat(text(results, "rollback")).contains("cannot go back");
    assertThat(failed(results)).isEmpty();
  }
}
