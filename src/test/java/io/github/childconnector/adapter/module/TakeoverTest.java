package io.github.childconnector.adapter.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.program.ScriptedSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the adapter of the next process does with a file tree that an earlier one has left. */
@Timeout(300)
@IntegrationTest
class TakeoverTest {
  /** Hangs in the state that the file {@code hang} names, and takes the file away. */
  private static final String HANGS =
      """
      case $state in SupportsRollback) echo Yes ;; esac
      if [ "$(cat "$here/hang" 2>/dev/null)" = "$state" ]; then
        rm "$here/hang"
        while :; do sleep 0.05; done
      fi
      """;

  private ModuleBench bench;

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new ModuleBench(directory);
  }

  private DeviceAdapter next() {
    return ModuleBench.adapter(settings());
  }

  private ScriptedSettings settings() {
    return bench.module(HANGS);
  }

  private interface Call {
    void run(DeviceAdapter adapter) throws Exception;
  }

  /** Cuts a call off in a state, as a stop of the connector does, and forgets the adapter. */
  private void cutOff(String state, Call call) throws Exception {
    Files.writeString(bench.file("hang"), state);
    DeviceAdapter adapter = next();
    Thread thread =
        new Thread(
            () -> {
              try {
                call.run(adapter);
              } catch (Exception e) {
                // the interrupt
              }
            });
    thread.start();
    await().until(() -> Files.notExists(bench.file("hang")));
    thread.interrupt();
    thread.join();
  }

  private void install(DeviceAdapter adapter) throws Exception {
    adapter.install(bench.installation(), bench.progress);
  }

  @Test
  void anInstallationThatWasCutOffIsRolledBackInItsOwnTree() throws Exception {
    cutOff("ArtifactInstall", this::install);
    assertThat(bench.operations()).hasSize(1);

    next().endLeftovers(bench.update());
    assertThat(bench.restore(next())).isEmpty();

    assertThat(bench.states())
        .endsWith(
            "SupportsRollback",
            "ArtifactInstall",
            "NeedsArtifactReboot",
            "ArtifactRollback",
            "ArtifactFailure",
            "Cleanup");
    assertThat(bench.operations()).isEmpty();
  }

  @Test
  void aDownloadThatWasCutOffIsOnlyCleanedUp() throws Exception {
    cutOff("Download", this::install);

    assertThat(bench.restore(next())).isEmpty();
    assertThat(bench.states()).endsWith("Download", "Cleanup");
  }

  @Test
  void aCommitThatWasCutOffIsDoneAgain() throws Exception {
    install(next());
    cutOff("ArtifactCommit", bench::commit);

    bench.commit(next());
    assertThat(bench.states()).endsWith("ArtifactCommit", "ArtifactCommit", "Cleanup");
  }

  @Test
  void aCleanupThatWasCutOffIsDoneAgain() throws Exception {
    install(next());
    cutOff("Cleanup", bench::commit);

    bench.commit(next());
    assertThat(bench.states()).endsWith("ArtifactCommit", "Cleanup", "ArtifactCommit", "Cleanup");
    assertThat(bench.operations()).isEmpty();
  }

  @Test
  void aRollbackThatWasCutOffIsCleanedUpWithoutBeingBegunAgain() throws Exception {
    install(next());
    cutOff("ArtifactRollback", bench::restore);

    next().endLeftovers(bench.update());
    assertThat(bench.states()).endsWith("ArtifactRollback", "ArtifactFailure", "Cleanup");
    assertThat(bench.operations()).isEmpty();
  }

  @Test
  void whatNobodyCleanedUpIsCleanedUpBeforeTheNextUpdate() throws Exception {
    install(next());
    next().install(bench.installation("another", new byte[1]), bench.progress);

    assertThat(bench.states())
        .containsSubsequence("NeedsArtifactReboot", "Cleanup", "Download", "NeedsArtifactReboot");
    assertThat(bench.operations()).hasSize(1);
  }

  @Test
  void halfATreeIsNotTakenForAWholeOne() throws Exception {
    install(next());
    Files.delete(bench.operations().get(0).resolve("phase"));

    bench.commit(next());
    assertThat(bench.restore(next())).isEmpty();
    assertThat(bench.states()).endsWith("NeedsArtifactReboot");
  }
}
