package io.github.childconnector.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.program.RunningProcesses;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's dfu-util without a device, and a fake one with a device: USB cannot be faked here. */
@Timeout(300)
@IntegrationTest
class DfuUtilTest {
  private static final String LINE =
      "Found %s: [1209:0001] ver=%s, devnum=9, cfg=1, intf=0, path=\"1-1.4\", alt=0,"
          + " name=\"fw\", serial=\"1\"\n";

  /** Its options as dfu-util's manual has them, and its lines as dfu-util 0.11 writes them. */
  private static final String FAKE =
      """
      here='%s'
      echo "$*" >>"$here/calls"
      case $* in
        *-l*) cat "$here/list" ;;
        "-d 1209:0001,1209:0002 -a 0 -R -D "*)
          [ ! -e "$here/broken" ] || { echo "Error during download get_status" >&2; exit 74; }
          printf 'Download\\t[=====     ]  50%%%% 512 bytes\\rDownload\\t[==========] 100%%%% 1024 bytes\\n'
          printf 'Download done.\\nDone!\\n'
          mv "$here/new" "$here/list"
          exit 251 ;;
        *) exit 64 ;;
      esac
      """;

  private static final String HANGING =
      """
      case $* in
        *-l*) cat '%1$s/list' ;;
        *) echo $$ >'%1$s/pid'; exec sleep 600 ;;
      esac
      """;

  @TempDir Path directory;
  private RecipeBench bench;

  @BeforeEach
  void setUp() throws Exception {
    RecipeBench.require("dfu-suffix");
    bench = new RecipeBench("dfu-util", directory);
  }

  private void device(String list) throws Exception {
    bench.fake("dfu-util", FAKE.formatted(directory));
    Files.writeString(directory.resolve("list"), list);
    Files.writeString(directory.resolve("new"), LINE.formatted("Runtime", "0210"));
  }

  /** An image with the suffix that Debian's dfu-suffix makes. */
  private byte[] image() throws Exception {
    Path file = Files.write(directory.resolve("made"), Samples.bytes(1000));
    RecipeRun.in(directory, "dfu-suffix", "-v", "1209", "-p", "0001", "-a", file.toString());
    return Files.readAllBytes(file);
  }

  @Test
  void waitsForTheDeviceOnUsb() throws Exception {
    bench.with("DEVICE", "fffe:fffe");

    assertThat(bench.busy("2.10", image())).contains("there is no device fffe:fffe on USB");
    assertThat(bench.versionFailure()).contains("there is no device fffe:fffe on USB");
  }

  @Test
  void flashesADeviceAndReadsItsDescriptor() throws Exception {
    device(LINE.formatted("Runtime", "0109"));
    assertThat(bench.version()).isEqualTo("1.09");
    bench.install("2.10", image());

    assertThat(bench.version()).isEqualTo("2.10");
    assertThat(bench.progress.said()).contains("step WRITE", "50%", "100%", "Download done.");
    assertThat(bench.progress.said().toString()).doesNotContain("no DFU suffix");
  }

  @Test
  void tellsThatAnImageHasNoSuffix() throws Exception {
    device(LINE.formatted("Runtime", "0109"));
    bench.install("2.10", Samples.bytes(100));

    assertThat(bench.progress.said().toString()).contains("the image has no DFU suffix");
  }

  @Test
  void aDeviceThatWasCutOffWaitsAndIsFlashedAgain() throws Exception {
    device(LINE.formatted("DFU", "0109"));
    assertThat(bench.versionFailure()).contains("waits in its DFU mode and runs no firmware");
    Files.createFile(directory.resolve("broken"));
    assertThat(bench.failure("2.10", image()))
        .contains("the device waits in its DFU mode: Error during download get_status");

    Files.delete(directory.resolve("broken"));
    bench.install("2.10", image());
    assertThat(bench.version()).isEqualTo("2.10");
  }

  @Test
  void twoDevicesAreOneTooMany() throws Exception {
    String line = LINE.formatted("Runtime", "0109");
    device(line + line.replace("1-1.4", "1-1.3"));

    assertThat(bench.failure("2.10", image())).contains("there are 2 devices");
    assertThat(directory.resolve("calls")).content().doesNotContain("-D");
  }

  @Test
  void aStopEndsTheToolAndLeavesNothingBehind() throws Exception {
    device(LINE.formatted("Runtime", "0109"));
    Path temporary = Files.createDirectory(directory.resolve("temporary"));
    Path noted = directory.resolve("pid");
    byte[] image = image();
    bench.with("TMPDIR", temporary).fake("dfu-util", HANGING.formatted(directory));
    AtomicReference<Exception> end = new AtomicReference<>();
    Thread installing = new Thread(() -> end.set(failureOf(image)));
    installing.start();
    await().until(() -> Files.exists(noted) && Files.size(noted) > 1);
    installing.interrupt();
    installing.join(60_000);

    assertThat(end.get()).isInstanceOf(InterruptedException.class);
    long pid = Long.parseLong(Files.readString(noted).strip());
    await().untilAsserted(() -> assertThat(RunningProcesses.list()).doesNotContain(pid));
    assertThat(temporary).isEmptyDirectory();
  }

  private Exception failureOf(byte[] image) {
    try {
      bench.install("2.10", image);
      return new IllegalStateException("it was installed");
    } catch (Exception e) {
      return e;
    }
  }
}
