package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.ProgramBench;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * A directory with a module that notes the states it is called with, an image, and a request for
 * it; and the part of the engine, which calls an adapter in the order of an update.
 */
@NullMarked
final class ModuleBench extends ProgramBench {
  /** What every module here begins with. */
  private static final String HEAD =
      """
      #!/bin/sh
      here='%s'
      state=$1
      tree=$2
      echo "$state" >>"$here/states"
      """;

  final RecordingProgress progress = new RecordingProgress();

  ModuleBench(Path directory) {
    super(directory);
  }

  /** Where the file trees lie. */
  Path trees() {
    return file("modules");
  }

  /** Settings of a module with this body; it finds this directory in {@code $here}. */
  ScriptedSettings module(String body) {
    return program(executable("module", HEAD.formatted(directory) + body + "\nexit 0\n"));
  }

  ScriptedSettings program(Path program) {
    return new ScriptedSettings()
        .with("program", program.toString())
        .with("directory", trees().toString());
  }

  static DeviceAdapter adapter(ScriptedSettings settings) {
    return adapter(new ModuleAdapterProvider(), settings);
  }

  /**
   * The id of an operation, which is that of no other test: what an earlier connector left at work
   * is known by it, on the whole machine.
   */
  String operation(String name) {
    return name + "-" + directory.getFileName();
  }

  Installation installation(String operation, byte[] bytes) {
    return installation(operation(operation), "2.0", bytes);
  }

  Installation installation() {
    return installation("op", "bytes of 2.0".getBytes(StandardCharsets.UTF_8));
  }

  FirmwareUpdate update() {
    return installation().update();
  }

  /** Brings an update to its end as the engine does; returns why it failed, if it did. */
  Optional<String> run(DeviceAdapter adapter) throws Exception {
    try {
      adapter.install(installation(), progress);
      commit(adapter);
      return Optional.empty();
    } catch (UpdateException e) {
      return Optional.of(e.failure().reason() + restore(adapter));
    }
  }

  void commit(DeviceAdapter adapter) throws Exception {
    adapter.commitment().orElseThrow().commit(update(), progress);
  }

  /** What came of it: nothing, or the failure behind a line. */
  String restore(DeviceAdapter adapter) throws Exception {
    try {
      adapter.rollback().orElseThrow().restore(update(), progress);
      return "";
    } catch (UpdateException e) {
      return " | " + e.failure().sentence();
    }
  }

  /** The states a module was called with, in their order. */
  List<String> states() {
    return lines("states");
  }

  /** The folders of operations that are left. */
  List<Path> operations() {
    try (Stream<Path> files = Files.walk(trees(), 2)) {
      return files
          .filter(file -> trees().relativize(file).getNameCount() == 2 && Files.isDirectory(file))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
