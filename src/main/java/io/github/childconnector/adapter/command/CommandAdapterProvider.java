package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Section;

/**
 * Makes adapters for {@code adapter = "command"}, which flash a device with the operator's own
 * programs. The keys are described in the package documentation.
 */
public final class CommandAdapterProvider implements AdapterProvider {
  private final MonotonicClock clock = new SystemClock();

  @Override
  public String name() {
    return "command";
  }

  @Override
  public DeviceAdapter create(ChildId child, Section settings) {
    return CommandAdapter.read(settings, clock);
  }
}
