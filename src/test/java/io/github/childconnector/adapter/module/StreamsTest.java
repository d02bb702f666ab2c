package io.github.childconnector.adapter.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.image.FirmwareImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A module that reads its payload from streams, or does not, or not to the end. */
@Timeout(300)
@IntegrationTest
class StreamsTest {
  private static final String READS =
      """
      case $state in
        Download*)
          while line=$(cat stream-next); [ -n "$line" ]; do
            echo "$line" >>"$here/names"
            name=${line%% *}
            cat "$name" >"$here/read-$(basename "$name")"
          done ;;
        ArtifactInstall) ls >"$here/left" ;;
      esac
      """;

  private ModuleBench bench;

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new ModuleBench(directory);
  }

  @AfterEach
  void leaveNothing() {
    bench.running().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    assertThat(writers()).isEmpty();
  }

  private static List<Thread> writers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("module streams") && thread.isAlive())
        .toList();
  }

  @Test
  void aModuleThatReadsThemGetsEveryByteAndNoFiles() throws Exception {
    byte[] image = new byte[3_000_001];
    new Random(7).nextBytes(image);
    DeviceAdapter adapter =
        ModuleBench.adapter(bench.module(READS).with("files", Map.of("a", "first", "empty", "")));
    adapter.install(bench.installation("op", image), bench.progress);

    assertThat(bench.lines("names"))
        .containsExactly("streams/a", "streams/empty", "streams/firmware.bin");
    assertThat(Files.readAllBytes(bench.file("read-firmware.bin"))).isEqualTo(image);
    assertThat(bench.read("read-a")).isEqualTo("first");
    assertThat(bench.read("read-empty")).isEmpty();
    assertThat(bench.lines("left"))
        .contains("header", "tmp", "version")
        .doesNotContain("files", "streams", "stream-next");
  }

  @Test
  void aModuleThatWantsSizesGetsThem() throws Exception {
    String asks = "[ \"$state\" != ProvidePayloadFileSizes ] || echo Yes\n";
    DeviceAdapter adapter =
        ModuleBench.adapter(bench.module(asks + READS).with("file_name", "image.swu"));

    assertThat(bench.run(adapter)).isEmpty();
    assertThat(bench.lines("names")).containsExactly("streams/image.swu 12");
    assertThat(bench.states()).contains("DownloadWithFileSizes").doesNotContain("Download");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "one name and nothing else    | cat stream-next",
        "a part of the image          | head -c 5 \"$(cat stream-next)\"",
        "the image, but not the end   | cat \"$(cat stream-next)\"",
      })
  void aModuleThatDoesNotReadToTheEndHasFailed(String name, String body) throws Exception {
    DeviceAdapter adapter =
        ModuleBench.adapter(bench.module("if [ \"$state\" = Download ]; then " + body + "; fi"));
    Installation installation = bench.installation("op", new byte[1_000_000]);

    assertThat(end(adapter, installation))
        .contains("began to read its streams, but ended before it had read all");
    bench.restore(adapter);
    assertThat(bench.states()).endsWith("Download", "Cleanup");
  }

  /** It would wait for the next name until install_timeout is over. */
  @Test
  void anImageThatCannotBeReadEndsTheModulesReading() throws Exception {
    DeviceAdapter adapter = ModuleBench.adapter(bench.module(READS));
    Installation installation = bench.installation("op", new byte[1_000_000]);
    Files.delete(installation.image().path());

    assertThat(end(adapter, installation))
        .contains("began to read its streams", installation.image().path().toString());
    assertThat(bench.lines("names")).containsExactly("streams/firmware.bin");
  }

  @Test
  void aModuleThatRemovesThemUnreadGetsFiles() throws Exception {
    DeviceAdapter adapter =
        ModuleBench.adapter(
            bench.module(
                """
                case $state in
                  Download) rm -rf stream-next streams ;;
                  ArtifactInstall) cp files/firmware.bin "$here/installed" ;;
                esac
                """));

    assertThat(bench.run(adapter)).isEmpty();
    assertThat(bench.read("installed")).isEqualTo("bytes of 2.0");
  }

  @Test
  void aStrangerWhoHoldsAStreamOpenDoesNotHang() throws Exception {
    DeviceAdapter adapter =
        ModuleBench.adapter(
            bench.module(
                """
                if [ "$state" = Download ]; then
                  name=$(cat stream-next)
                  env -u OPERATION_ID here="$here" name="$name" setsid sh -c \
                    'exec 3<"$name"; echo $$ >>"$here/pids"; exec sleep 60' &
                  until [ -s "$here/pids" ]; do sleep 0.01; done
                fi
                """));

    assertThat(end(adapter, bench.installation("op", new byte[1_000_000])))
        .contains("began to read its streams");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "before it reads  | :",
        "while it reads   | exec 3<\"$(cat stream-next)\"",
      })
  void aModuleThatHangsIsEndedWhenItsTimeIsUp(String name, String body) throws Exception {
    String hangs = "; touch \"$here/hangs\"; while :; do sleep 0.05; done; fi";
    DeviceAdapter adapter =
        ModuleBench.adapter(bench.module("if [ \"$state\" = Download ]; then " + body + hangs));
    Installation installation = bench.installation("op", new byte[1_000_000]);
    CompletableFuture<String> ended = new CompletableFuture<>();
    Thread thread = new Thread(() -> ended.complete(end(adapter, installation)));
    thread.start();
    await().until(() -> Files.exists(bench.file("hangs")));
    thread.interrupt();

    assertThat(ended.get(90, TimeUnit.SECONDS)).contains("InterruptedException");
  }

  /** What an installation ended with. */
  private String end(DeviceAdapter adapter, Installation installation) {
    try {
      adapter.install(installation, bench.progress);
      return "installed";
    } catch (Exception e) {
      return e.toString();
    }
  }

  @ParameterizedTest(name = "from streams: {0}")
  @ValueSource(booleans = {true, false})
  void aChangedImageIsNotInstalled(boolean fromStreams) throws Exception {
    DeviceAdapter adapter = ModuleBench.adapter(bench.module(fromStreams ? READS : ""));
    Installation installation = bench.installation("op", new byte[1_000_000]);
    FirmwareImages.change(installation.image());

    assertThat(end(adapter, installation)).contains("was changed after its SHA-256");
    bench.restore(adapter);
    assertThat(bench.states()).doesNotContain("ArtifactInstall").endsWith("Download", "Cleanup");
  }

  @Test
  void anImageThatChangesWhileTheModuleReadsIsNotInstalled() throws Exception {
    Installation installation = bench.installation("op", new byte[3_000_000]);
    DeviceAdapter adapter =
        ModuleBench.adapter(
            bench.module(
                READS.replace(
                    "cat \"$name\"",
                    "{ head -c 9; printf x | dd of='"
                        + installation.image().path()
                        + "' conv=notrunc bs=1 seek=2999999 2>/dev/null; cat; } <\"$name\"")));

    assertThat(end(adapter, installation)).contains("was changed after its SHA-256");
    assertThat(Files.size(bench.file("read-firmware.bin"))).isLessThan(3_000_000);
    assertThat(bench.states()).doesNotContain("ArtifactInstall");
  }
}
