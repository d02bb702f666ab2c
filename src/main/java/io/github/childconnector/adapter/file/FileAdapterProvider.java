package io.github.childconnector.adapter.file;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Section;

/**
 * Makes adapters for {@code adapter = "file"}, which put the image where a device reads it. The
 * keys are described in the package documentation.
 */
public final class FileAdapterProvider implements AdapterProvider {
  private final MonotonicClock clock = new SystemClock();

  @Override
  public String name() {
    return "file";
  }

  @Override
  public DeviceAdapter create(ChildId child, Section settings) {
    return FileAdapter.read(settings, clock);
  }
}
