package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.program.RunningProcesses;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * A directory with a module that notes the states it is called with, an image, and a request for
 * it; and the part of the engine, which calls an adapter in the order of an update.
 */
@NullMarked
final class ModuleBench {
  static final ChildId CHILD = new ChildId("gateway7:device:plc 1");

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
  private final Path directory;

  ModuleBench(Path directory) {
    this.directory = directory;
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Where the file trees lie. */
  Path trees() {
    return file("modules");
  }

  /** Settings of a module with this body; it finds this directory in {@code $here}. */
  ScriptedSettings module(String body) {
    return program(script("module", HEAD.formatted(directory) + body + "\nexit 0\n"));
  }

  ScriptedSettings program(Path program) {
    return new ScriptedSettings()
        .with("program", program.toString())
        .with("directory", trees().toString());
  }

  Path script(String name, String text) {
    try {
      Path file = Files.writeString(file(name), text);
      return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static DeviceAdapter adapter(ScriptedSettings settings) {
    DeviceAdapter adapter = new ModuleAdapterProvider().create(CHILD, settings.section());
    if (!settings.problems().isEmpty()) {
      throw new AssertionError("the settings have problems: " + settings.problems());
    }
    return adapter;
  }

  /**
   * The id of an operation, which is that of no other test: what an earlier connector left at work
   * is known by it, on the whole machine.
   */
  String operation(String name) {
    return name + "-" + directory.getFileName();
  }

  Installation installation(String operation, byte[] bytes) {
    try {
      var image = FirmwareImages.verified(Files.write(file("image"), bytes));
      return new Installation(update(operation(operation), image.digest()), image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Installation installation() {
    return installation("op", "bytes of 2.0".getBytes(StandardCharsets.UTF_8));
  }

  FirmwareUpdate update() {
    return installation().update();
  }

  private static FirmwareUpdate update(String operation, Sha256 digest) {
    return Samples.update(CHILD, operation, new Firmware("Open WRT", "2.0"), digest);
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

  List<String> lines(String name) {
    try {
      return Files.exists(file(name)) ? Files.readAllLines(file(name)) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String name) {
    try {
      return Files.readString(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /** The processes that run of those whose numbers modules wrote into the file {@code pids}. */
  List<Long> running() {
    List<Long> noted = lines("pids").stream().map(Long::valueOf).toList();
    return RunningProcesses.list().stream().filter(noted::contains).toList();
  }
}
