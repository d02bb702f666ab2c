package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.program.ProgramSettingsReader;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Section;
import java.util.Optional;

/**
 * Makes adapters for {@code adapter = "module"}, which flash a device with an update module as
 * Mender has them. The keys are described in the package documentation.
 */
public final class ModuleAdapterProvider implements AdapterProvider {
  private final MonotonicClock clock = new SystemClock();

  @Override
  public String name() {
    return "module";
  }

  @Override
  public DeviceAdapter create(ChildId child, Section settings) {
    ProgramSettingsReader reader = new ProgramSettingsReader(settings);
    ModuleSettings read = ModuleSettings.read(child, settings, reader);
    return new ModuleAdapter(read, read.directory(), reader.programs(Optional.empty(), clock));
  }
}
