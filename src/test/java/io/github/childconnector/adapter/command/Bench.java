package io.github.childconnector.adapter.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.program.ProgramBench;
import io.github.childconnector.adapter.program.ScriptedSettings;
import io.github.childconnector.operation.FirmwareUpdate;
import java.nio.file.Path;

/** A directory with shell scripts, an image, and a request for it. */
final class Bench extends ProgramBench {
  /** Of this process alone: what is left at work is known by it, on the whole machine. */
  static final String OPERATION = "-tLrLthPXksKbqRqIsrDm-" + ProcessHandle.current().pid();

  Bench(Path directory) {
    super(directory);
  }

  /** Writes a script that finds this directory in {@code $here}; returns its path. */
  String script(String name, String body) {
    return executable(name, "#!/bin/sh\nhere='" + directory + "'\n" + body + "\n").toString();
  }

  /** An adapter whose {@code install} is a script with this body. */
  DeviceAdapter installer(String body) {
    return adapter(ScriptedSettings.installing(script("flash.sh", body)));
  }

  static DeviceAdapter adapter(ScriptedSettings settings) {
    return adapter(new CommandAdapterProvider(), settings);
  }

  Installation installation(String version) {
    return installation(OPERATION, version, ("bytes of " + version).getBytes(UTF_8));
  }

  FirmwareUpdate update(String version) {
    return installation(version).update();
  }
}
