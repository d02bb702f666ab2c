package io.github.childconnector.adapter.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceAdapter.Rollback;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which states a module is called with, and which of them follow when one of them fails. */
@Timeout(300)
@IntegrationTest
class StatesTest {
  private static final String SUPPORTS_ALL =
      """
      case $state in
        SupportsRollback) echo Yes ;;
        NeedsArtifactReboot) echo %s ;;
      esac
      """;

  private static final String BEGIN = "ProvidePayloadFileSizes Download ";
  private static final String INSTALL = BEGIN + "SupportsRollback ArtifactInstall ";
  private static final String REBOOT =
      INSTALL + "NeedsArtifactReboot ArtifactReboot ArtifactVerifyReboot ";
  private static final String BACK = "NeedsArtifactReboot ArtifactRollback ";
  private static final String REBOOT_BACK = "ArtifactRollbackReboot ArtifactVerifyRollbackReboot ";
  private static final String END = "ArtifactFailure Cleanup";

  private ModuleBench bench;

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new ModuleBench(directory);
  }

  private String chain(String failing, String body) throws Exception {
    String failure = "case $state in " + failing + ") echo 'no such port' >&2; %s ;; esac\n";
    DeviceAdapter adapter = ModuleBench.adapter(bench.module(failure.formatted("exit 3") + body));
    assertThat(bench.run(adapter).isPresent()).isNotEqualTo(failing.equals("Cleanup"));
    assertThat(bench.operations()).isEmpty();
    return String.join(" ", bench.states());
  }

  @Test
  void aModuleThatKnowsNothingIsInstalledAndCommitted() throws Exception {
    assertThat(bench.run(ModuleBench.adapter(bench.module("")))).isEmpty();

    assertThat(String.join(" ", bench.states()))
        .isEqualTo(INSTALL + "NeedsArtifactReboot ArtifactCommit Cleanup");
    assertThat(bench.operations()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Yes", "Automatic"})
  void aDeviceThatHasToRebootDoes(String answer) throws Exception {
    DeviceAdapter adapter =
        ModuleBench.adapter(
            bench.module(SUPPORTS_ALL.formatted(answer)).with("automatic_reboot", "as-yes"));

    assertThat(bench.run(adapter)).isEmpty();
    assertThat(String.join(" ", bench.states())).isEqualTo(REBOOT + "ArtifactCommit Cleanup");
  }

  /** It would verify and commit a system that does not run. */
  @Test
  void aModuleThatWantsTheGatewayRebootedIsRolledBack() throws Exception {
    DeviceAdapter adapter = ModuleBench.adapter(bench.module(SUPPORTS_ALL.formatted("Automatic")));

    assertThat(bench.run(adapter).orElseThrow())
        .startsWith("install-failed: The module ")
        .contains("this gateway, rebooted", "automatic_reboot = \"as-yes\"");
    assertThat(String.join(" ", bench.states()))
        .isEqualTo(INSTALL + "NeedsArtifactReboot " + BACK + END);
    assertThat(bench.operations()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo No", "true"})
  void whereAWayBackIsRequiredAModuleWithoutOneInstallsNothing(String answer) throws Exception {
    String module = "case $state in SupportsRollback) " + answer + " ;; esac\n";
    DeviceAdapter adapter =
        ModuleBench.adapter(bench.module(module).with("require_rollback", true));

    assertThat(bench.run(adapter).orElseThrow())
        .startsWith("install-failed: The module ")
        .contains("could not restore the old firmware", "remove require_rollback")
        .doesNotContain("|");
    assertThat(String.join(" ", bench.states())).isEqualTo(BEGIN + "SupportsRollback Cleanup");
    assertThat(bench.operations()).isEmpty();
  }

  @Test
  void whereAWayBackIsRequiredAModuleThatHasOneInstalls() throws Exception {
    DeviceAdapter adapter =
        ModuleBench.adapter(
            bench.module(SUPPORTS_ALL.formatted("No")).with("require_rollback", true));

    assertThat(bench.run(adapter)).isEmpty();
    assertThat(String.join(" ", bench.states()))
        .isEqualTo(INSTALL + "NeedsArtifactReboot ArtifactCommit Cleanup");
  }

  @Test
  void whatItAnsweredBeforeTheInstallationDecides() throws Exception {
    String forgets =
        "case $state in SupportsRollback) [ -e \"$here/asked\" ] || { touch \"$here/asked\"; echo Yes; } ;;"
            + " ArtifactInstall) exit 3 ;; esac\n";
    bench.run(ModuleBench.adapter(bench.module(forgets)));

    assertThat(bench.states()).contains("ArtifactRollback").containsOnlyOnce("SupportsRollback");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "ProvidePayloadFileSizes, PrCl",
    "Download, BeCl",
    "ArtifactInstall, InBaRe",
    "ArtifactReboot, InNeArBaRe",
    "ArtifactVerifyReboot, RbBaRe",
    "ArtifactCommit, RbCoBaRe",
    "ArtifactReboot|ArtifactRollback, InNeArBaEn",
    "ArtifactReboot|ArtifactRollbackReboot, InNeArBaRe",
    "ArtifactReboot|ArtifactVerifyRollbackReboot, InNeArBaRrRrRe",
    "ArtifactReboot|ArtifactFailure, InNeArBaRe",
    "ArtifactReboot|Cleanup, InNeArBaRe",
    "Cleanup, RbCoCl",
  })
  void whatFollowsUponAFailure(String failing, String expected) throws Exception {
    assertThat(chain(failing, SUPPORTS_ALL.formatted("Yes"))).isEqualTo(expand(expected));
  }

  /** Short names of the parts above, so that the table stays readable. */
  private static String expand(String parts) {
    return Stream.of(parts.split("(?<=\\G..)"))
        .map(
            part ->
                switch (part) {
                  case "Pr" -> "ProvidePayloadFileSizes ";
                  case "Be" -> BEGIN;
                  case "In" -> INSTALL;
                  case "Ne" -> "NeedsArtifactReboot ";
                  case "Ar" -> "ArtifactReboot ";
                  case "Rb" -> REBOOT;
                  case "Co" -> "ArtifactCommit ";
                  case "Ba" -> BACK;
                  case "Rr" -> REBOOT_BACK;
                  case "Re" -> REBOOT_BACK + END;
                  case "En" -> END;
                  default -> "Cleanup";
                })
        .reduce("", String::concat);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ArtifactInstall", "ArtifactCommit"})
  void withoutRollbackOnlyTheFailureIsTold(String failing) throws Exception {
    String states = chain(failing, "");

    assertThat(states).endsWith(" " + END).doesNotContain("ArtifactRollback");
  }

  @ParameterizedTest
  @CsvSource({"Download, UNTOUCHED", "ArtifactInstall, RESTORED"})
  void whatTheDeviceHasAfterwardsIsTold(String failing, Rollback.Result expected) throws Exception {
    String module = SUPPORTS_ALL.formatted("No") + "[ \"$state\" != " + failing + " ] || exit 3\n";
    DeviceAdapter adapter = ModuleBench.adapter(bench.module(module));

    assertThatThrownBy(() -> adapter.install(bench.installation(), new RecordingProgress()))
        .isInstanceOf(UpdateException.class);
    assertThat(adapter.rollback().orElseThrow().restore(bench.update(), new RecordingProgress()))
        .isEqualTo(expected);
  }

  @Test
  void aModuleThatCannotGoBackIsSaidToBeSo() throws Exception {
    DeviceAdapter adapter =
        ModuleBench.adapter(bench.module("[ \"$state\" != ArtifactInstall ] || exit 3"));

    assertThat(bench.run(adapter).orElseThrow())
        .startsWith("install-failed: The program ")
        .contains("ended with exit status 3", "its state ArtifactInstall")
        .contains("| The module ", " cannot go back (SupportsRollback).");
  }

  @Test
  void theLastLineOnStandardErrorIsTheReason() throws Exception {
    DeviceAdapter adapter =
        ModuleBench.adapter(
            bench.module(
                "[ \"$state\" != ArtifactInstall ] || { echo 'no such port' >&2; exit 3; }"));

    assertThat(bench.run(adapter).orElseThrow()).contains("exit status 3: no such port.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Download",
        "ArtifactInstall",
        "NeedsArtifactReboot",
        "ArtifactReboot",
        "ArtifactVerifyReboot",
        "ArtifactCommit"
      })
  void aModuleThatIsKilledHasFailed(String state) throws Exception {
    String body = "[ \"$state\" != %s ] || kill -KILL $$\n".formatted(state);
    DeviceAdapter adapter = ModuleBench.adapter(bench.module(body + SUPPORTS_ALL.formatted("Yes")));

    assertThat(bench.run(adapter).orElseThrow()).contains("was ended by SIGKILL", state);
    assertThat(bench.states()).endsWith("Cleanup");
    assertThat(bench.operations()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"SupportsRollback, AutomaticDualRootfs", "NeedsArtifactReboot, perhaps"})
  void anAnswerThatIsNoneIsAFailure(String question, String answer) throws Exception {
    String body = "case $state in %s) echo %s ;; ArtifactCommit) exit 1 ;; esac";
    DeviceAdapter adapter = ModuleBench.adapter(bench.module(body.formatted(question, answer)));

    assertThat(bench.run(adapter).orElseThrow())
        .contains(
            "answered %s with \"%s\". It has to answer with one line".formatted(question, answer));
    assertThat(bench.states()).endsWith("Cleanup");
    assertThat(bench.states().contains("ArtifactInstall"))
        .isEqualTo(question.equals("NeedsArtifactReboot"));
  }

  @Test
  void theExitStatusThatSaysBusyElsewhereIsAFailureHere() throws Exception {
    DeviceAdapter adapter =
        ModuleBench.adapter(bench.module("[ \"$state\" != ArtifactInstall ] || exit 75"));

    assertThat(bench.run(adapter).orElseThrow()).contains("exit status 75");
  }

  @Test
  void aModuleThatIsMissingIsNamed() throws Exception {
    DeviceAdapter adapter = ModuleBench.adapter(bench.program(Path.of("/no/such/module")));

    assertThat(bench.run(adapter).orElseThrow())
        .startsWith("install-failed: The program /no/such/module is not there");
    assertThat(bench.operations()).isEmpty();
  }

  @Test
  void aStateThatIsCommittedTwiceIsCalledOnce() throws Exception {
    DeviceAdapter adapter = ModuleBench.adapter(bench.module(""));
    bench.run(adapter);
    List<String> states = bench.states();

    bench.commit(adapter);
    assertThat(bench.states()).isEqualTo(states);
  }
}
