package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.http.HttpClients;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Section;

/**
 * Makes adapters for {@code adapter = "httpupload"}, which send the image to the device's own
 * update page. The keys are described in the package documentation.
 */
public final class HttpUploadAdapterProvider implements AdapterProvider {
  private final MonotonicClock clock = new SystemClock();

  private final HttpClients clients = new HttpClients();

  @Override
  public String name() {
    return "httpupload";
  }

  @Override
  public DeviceAdapter create(ChildId child, Section settings) {
    return new HttpUploadAdapter(HttpUploadSettings.read(settings), clients, clock);
  }
}
