package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.httpupload.Access.Authorization;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.http.HttpClients;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Sends the image to the device's own update page, in one request. */
final class HttpUploadAdapter implements DeviceAdapter {
  /** The path by which SWUpdate's own web page takes images. */
  private static final String SWUPDATE_PATH = "/upload";

  private final HttpUploadSettings settings;
  private final HttpClients clients;
  private final MonotonicClock clock;

  HttpUploadAdapter(HttpUploadSettings settings, HttpClients clients, MonotonicClock clock) {
    this.settings = settings;
    this.clients = clients;
    this.clock = clock;
  }

  /** Warns of the page whose answer comes before it has looked at the image. */
  @Override
  public List<String> troubles() {
    return settings.version().isEmpty() && settings.url().hasPath(SWUPDATE_PATH)
        ? List.of(
            "url: SWUpdate's page answers when the image has arrived, and then may not install it, which nobody would notice here; set version_url, or use examples/recipes/swupdate. Ignore this if the device is another")
        : List.of();
  }

  @Override
  public void install(Installation installation, Progress progress)
      throws DeviceBusyException, UpdateException, InterruptedException {
    DeviceLink link = link(FailureCode.INSTALL_FAILED, clients.anew());
    new Upload(settings, link, installation, progress).run();
  }

  @Override
  public Optional<VersionReader> versionReader() {
    return settings
        .version()
        .map(query -> update -> query.read(link(FailureCode.VERSION_UNREADABLE, clients)));
  }

  @Override
  public boolean isRepeatable() {
    return settings.repeatable();
  }

  /** Secrets are read for each call, so that a changed password is used without a restart. */
  private DeviceLink link(FailureCode code, HttpClients with)
      throws UpdateException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    try {
      Authorization authorization = settings.access().authorization();
      return new DeviceLink(settings, authorization, with, clock);
    } catch (IOException e) {
      throw new UpdateException(code, "The device cannot be asked: " + e.getMessage() + ".", e);
    }
  }
}
