package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.program.RunningProcesses;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A directory with shell scripts, an image, and a request for it. */
final class Bench {
  static final ChildId CHILD = new ChildId("gateway7:device:plc 1");

  /** Of this process alone: what is left at work is known by it, on the whole machine. */
  static final String OPERATION = "-tLrLthPXksKbqRqIsrDm-" + ProcessHandle.current().pid();

  private final Path directory;

  Bench(Path directory) {
    this.directory = directory;
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  /** Writes a script that finds this directory in {@code $here}; returns its path. */
  String script(String name, String body) {
    Path file = write(name, "#!/bin/sh\nhere='" + directory + "'\n" + body + "\n");
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
      return file.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path write(String name, String text) {
    try {
      return Files.write(file(name), text.getBytes(StandardCharsets.UTF_8));
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

  /** An adapter whose {@code install} is a script with this body. */
  DeviceAdapter installer(String body) {
    return adapter(ScriptedSettings.installing(script("flash.sh", body)));
  }

  static DeviceAdapter adapter(ScriptedSettings settings) {
    DeviceAdapter adapter = new CommandAdapterProvider().create(CHILD, settings.section());
    if (!settings.problems().isEmpty()) {
      throw new AssertionError("the settings have problems: " + settings.problems());
    }
    return adapter;
  }

  Installation installation(String version) {
    Path image = write("the image", "bytes of " + version);
    var verified = FirmwareImages.verified(image);
    return new Installation(update(version, verified.digest()), verified);
  }

  FirmwareUpdate update(String version) {
    return installation(version).update();
  }

  private static FirmwareUpdate update(String version, Sha256 digest) {
    return Samples.update(CHILD, OPERATION, new Firmware("Open WRT", version), digest);
  }

  /** The numbers that scripts wrote into the file {@code pids}, as far as they run. */
  List<Long> running() {
    Set<Long> noted =
        Files.exists(file("pids"))
            ? read("pids").lines().map(Long::valueOf).collect(Collectors.toSet())
            : Set.of();
    return RunningProcesses.list().stream().filter(noted::contains).toList();
  }
}
