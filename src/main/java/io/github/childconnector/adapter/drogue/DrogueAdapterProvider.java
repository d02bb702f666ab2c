package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Section;

/**
 * Makes adapters for {@code adapter = "drogue"}: devices that speak Drogue DFU. The keys are
 * described in the package documentation.
 */
public final class DrogueAdapterProvider implements AdapterProvider {
  /** Shared by all children, also of a configuration that is read again while they are served. */
  private final Leases<DeviceAddress, DfuDevice> transports = Transport.leases(new SystemClock());

  @Override
  public String name() {
    return "drogue";
  }

  @Override
  public DeviceAdapter create(ChildId child, Section settings) {
    DrogueSettings read = DrogueSettings.read(child, settings);
    return new DrogueAdapter(child, read, transports, new LocalDisk());
  }
}
