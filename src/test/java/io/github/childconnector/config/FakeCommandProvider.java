package io.github.childconnector.config;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Section;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/** Reads the keys of the "command" adapter and remembers them, but for the secrets. */
@NullMarked
final class FakeCommandProvider implements AdapterProvider {

  @Override
  public String name() {
    return "command";
  }

  @Override
  public DeviceAdapter create(ChildId child, Section settings) {
    return new FakeAdapter(
        child,
        settings.required("install", Kinds.COMMAND, List.of(), "name the program that flashes"),
        settings.optional("read_version", Kinds.COMMAND),
        settings.optional("rollback", Kinds.COMMAND),
        settings.optional("working_directory", Kinds.TEXT),
        settings.secrets("environment").size(),
        settings.flag("repeatable", false),
        settings.duration("stop_grace", Duration.ofSeconds(10)));
  }

  record FakeAdapter(
      ChildId child,
      List<String> install,
      Optional<List<String>> versionCommand,
      Optional<List<String>> rollbackCommand,
      Optional<String> workingDirectory,
      int secrets,
      boolean repeatable,
      Duration stopGrace)
      implements DeviceAdapter {
    @Override
    public void install(Installation installation, Progress progress) {
      throw new UnsupportedOperationException();
    }
  }
}
