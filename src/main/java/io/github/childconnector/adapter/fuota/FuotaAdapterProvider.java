package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Section;

/**
 * Makes adapters for {@code adapter = "fuota"}: ESP32 devices that poll an HTTPS server. The keys
 * are described in the package documentation.
 */
public final class FuotaAdapterProvider implements AdapterProvider {
  /** Shared by all children, also of a configuration that is read again while they are served. */
  private final Leases<FuotaSettings, PolledDevice> servers =
      FuotaAdapter.servers(new SystemClock());

  @Override
  public String name() {
    return "fuota";
  }

  @Override
  public DeviceAdapter create(ChildId child, Section settings) {
    return new FuotaAdapter(child, FuotaSettings.read(child, settings), servers);
  }
}
