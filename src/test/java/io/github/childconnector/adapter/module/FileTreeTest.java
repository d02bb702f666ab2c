package io.github.childconnector.adapter.module;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.operation.FailureCode;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a module finds in its file tree and around it. */
@Timeout(300)
@IntegrationTest
class FileTreeTest {
  private static final String COPIES =
      """
      if [ "$state" = ArtifactInstall ]; then
        cp -R "$tree" "$here/copy"
        pwd -P >"$here/directory"
        echo "$#" >"$here/count"
        env >"$here/environment"
      fi
      """;

  private ModuleBench bench;

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new ModuleBench(directory);
  }

  private String copied(String file) {
    return bench.read("copy/" + file);
  }

  @Test
  void holdsWhatAnArtifactWouldHaveBrought() throws Exception {
    ScriptedSettings settings =
        bench
            .module(COPIES)
            .with("payload_type", "single-file")
            .with("device_type", "plc")
            .with("meta_data", "{\"slot\": 2}")
            .with("files", Map.of("dest_dir", "/srv/plc\n"));
    assertThat(bench.run(ModuleBench.adapter(settings))).isEmpty();

    assertThat(copied("version")).isEqualTo("3\n");
    assertThat(copied("current_device_type")).isEqualTo("plc\n");
    assertThat(copied("current_artifact_name")).isEmpty();
    assertThat(copied("current_artifact_group")).isEmpty();
    assertThat(copied("header/artifact_name")).isEqualTo("Open WRT-2.0");
    assertThat(copied("header/artifact_group")).isEmpty();
    assertThat(copied("header/payload_type")).isEqualTo("single-file");
    assertThat(copied("header/type-info")).isEqualTo("{\"type\":\"single-file\"}");
    assertThat(copied("header/meta-data")).isEqualTo("{\"slot\": 2}");
    assertThat(copied("header/header-info"))
        .isEqualTo(
            "{\"artifact_depends\":{\"device_type\":[\"plc\"]},"
                + "\"artifact_provides\":{\"artifact_name\":\"Open WRT-2.0\"},"
                + "\"payloads\":[{\"type\":\"single-file\"}]}");
    assertThat(copied("files/dest_dir")).isEqualTo("/srv/plc\n");
    assertThat(copied("files/firmware.bin")).isEqualTo("bytes of 2.0");
    assertThat(bench.file("copy/tmp")).isEmptyDirectory();
    assertThat(bench.file("copy/streams")).doesNotExist();
    assertThat(bench.file("copy/stream-next")).doesNotExist();
  }

  @Test
  void isWhereTheModuleRunsAndKnowsItsChild() throws Exception {
    ScriptedSettings settings = bench.module(COPIES).with("environment", Map.of("PIN", "1234"));
    assertThat(bench.run(ModuleBench.adapter(settings))).isEmpty();

    assertThat(bench.read("count")).isEqualTo("2\n");
    assertThat(bench.read("directory").strip()).endsWith("/tree").doesNotContain(" ", ":");
    assertThat(bench.lines("environment"))
        .contains(
            "CHILD_ID=" + ModuleBench.CHILD,
            "OPERATION_ID=" + bench.operation("op"),
            "FIRMWARE_NAME=Open WRT",
            "FIRMWARE_VERSION=2.0",
            "FIRMWARE_SHA256=" + bench.installation().image().digest().hex(),
            "PIN=1234");
  }

  @Test
  void namesWhatWasCommittedLast() throws Exception {
    DeviceAdapter adapter = ModuleBench.adapter(bench.module(COPIES));
    bench.run(adapter);
    Files.move(bench.file("copy"), bench.file("first"));
    bench.run(adapter);

    assertThat(copied("current_artifact_name")).isEqualTo("Open WRT-2.0\n");
  }

  @Test
  void theModuleMayChangeItsCopyOfTheImage() throws Exception {
    DeviceAdapter adapter =
        ModuleBench.adapter(
            bench.module("[ \"$state\" != ArtifactInstall ] || echo x >files/firmware.bin"));

    assertThat(bench.run(adapter)).isEmpty();
    assertThat(bench.read("the image")).isEqualTo("bytes of 2.0");
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws Exception {
    Files.writeString(bench.trees(), "in the way");
    DeviceAdapter adapter = ModuleBench.adapter(bench.module(""));

    assertThat(bench.run(adapter).orElseThrow())
        .startsWith(FailureCode.STORAGE_FAILED.word())
        .contains(bench.trees().toString());
    assertThat(bench.states()).isEmpty();
  }

  @Test
  void linksAreRemovedAndNotFollowed() throws Exception {
    Path elsewhere = Files.createDirectory(bench.file("elsewhere"));
    Files.writeString(elsewhere.resolve("kept"), "");
    Path folder = Files.createDirectories(bench.file("folder/inner"));
    Files.createSymbolicLink(folder.resolve("link"), elsewhere);
    Files.createSymbolicLink(folder.resolve("dangling"), bench.file("nowhere"));
    FileTree.removeAll(bench.file("folder"));
    Path link = Files.createSymbolicLink(bench.file("folder"), elsewhere);
    FileTree.removeAll(link);

    assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(elsewhere.resolve("kept")).exists();
  }

  @Test
  void childrenThatAreCalledAlikeHaveTheirOwn() {
    assertThat(FileTree.name("plc 1")).isNotEqualTo(FileTree.name("plc_1")).startsWith("plc_1-");
    assertThat(FileTree.name("..")).startsWith("_.-");
    assertThat(FileTree.name("x".repeat(128))).hasSizeLessThan(100);
  }
}
