package io.github.childconnector.adapter.module;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.program.ScriptedSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Modules as Debian's package mender-client has them, unchanged. */
@Timeout(300)
@IntegrationTest
class RealModulesTest {
  private ModuleBench bench;
  private Path target;

  @BeforeEach
  void setUp(@TempDir Path directory) {
    bench = new ModuleBench(directory);
    target = directory.resolve("device");
  }

  /** Where the package is installed, or unpacked by {@code .ci/run}. */
  private static Path module(String name) {
    String place = "usr/share/mender/modules/v3/" + name;
    return Stream.of(Path.of("/" + place), Path.of("target/mender-client", place))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(Path.of("/" + place))
        .toAbsolutePath();
  }

  private ScriptedSettings settings(String name, Map<String, String> files) {
    Path module = module(name);
    assumeTrue(Files.isExecutable(module), "there is no " + module + " (package mender-client)");
    return bench.program(module).with("files", files);
  }

  private DeviceAdapter singleFile() {
    Map<String, String> files =
        Map.of("dest_dir", target + "\n", "filename", "plc.bin\n", "permissions", "640\n");
    return ModuleBench.adapter(settings("single-file", files).with("file_name", "plc.bin"));
  }

  @Test
  void singleFileInstallsTheImage() throws Exception {
    assertThat(bench.run(singleFile())).isEmpty();

    assertThat(target.resolve("plc.bin")).hasContent("bytes of 2.0");
    assertThat(Files.getPosixFilePermissions(target.resolve("plc.bin"))).hasSize(3);
    assertThat(bench.operations()).isEmpty();
  }

  @Test
  void singleFileGoesBack() throws Exception {
    DeviceAdapter adapter = singleFile();
    Files.createDirectory(target);
    Files.writeString(target.resolve("plc.bin"), "bytes of 1.0");
    adapter.install(bench.installation(), bench.progress);
    assertThat(target.resolve("plc.bin")).hasContent("bytes of 2.0");

    assertThat(bench.restore(adapter)).isEmpty();
    assertThat(target.resolve("plc.bin")).hasContent("bytes of 1.0");
  }

  @Test
  void directoryUnpacksTheImageAndGoesBack() throws Exception {
    Map<String, String> files = Map.of("dest_dir", target.toString());
    DeviceAdapter adapter =
        ModuleBench.adapter(settings("directory", files).with("file_name", "update.tar"));
    Files.createDirectory(target);
    Files.writeString(target.resolve("old"), "1.0");
    adapter.install(bench.installation("op", tar("new", "2.0")), bench.progress);
    assertThat(target.resolve("new")).hasContent("2.0");
    assertThat(target.resolve("old")).doesNotExist();

    assertThat(bench.restore(adapter)).isEmpty();
    assertThat(target.resolve("old")).hasContent("1.0");
    assertThat(target.resolve("new")).doesNotExist();
  }

  @Test
  void scriptRunsTheImage() throws Exception {
    DeviceAdapter adapter = ModuleBench.adapter(settings("script", Map.of()));
    byte[] script =
        ("#!/bin/sh\necho ran >'" + bench.file("ran") + "'\n").getBytes(StandardCharsets.UTF_8);
    adapter.install(bench.installation("op", script), bench.progress);

    assertThat(bench.read("ran")).isEqualTo("ran\n");
  }

  private byte[] tar(String name, String content) throws Exception {
    Files.writeString(bench.file(name), content);
    Path tar = bench.file("update.tar");
    new ProcessBuilder("tar", "-cf", tar.toString(), "-C", bench.file("").toString(), name)
        .inheritIO()
        .start()
        .waitFor();
    return Files.readAllBytes(tar);
  }
}
