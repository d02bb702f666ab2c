package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.endpoint.DeviceServer;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A server to which devices post their statuses. */
final class HttpTransport implements Transport {
  private static final Logger LOG = System.getLogger(HttpTransport.class.getName());

  /** So many devices are answered at the same time; others wait. */
  private static final int MAX_EXCHANGES = 16;

  private final HttpSettings settings;
  private final Dialogues dialogues;
  private Optional<DeviceServer> server = Optional.empty();

  HttpTransport(HttpSettings settings, Dialogues dialogues) {
    this.settings = settings;
    this.dialogues = dialogues;
  }

  @Override
  public void open() throws IOException {
    DeviceServer made =
        DeviceServer.bind(
            new DeviceServer.Terms(
                "drogue.listen", settings.listen(), tls(), "drogue-http", MAX_EXCHANGES),
            dialogues.clock().threads());
    made.start(new DfuRequests(dialogues));
    server = Optional.of(made);
    LOG.log(Level.INFO, "Devices may post to {0}{1}", settings, DfuRequests.PATH);
  }

  private Optional<SSLContext> tls() throws IOException {
    return settings.identity().isPresent()
        ? Optional.of(TlsContext.of(new TlsSettings(Optional.empty(), settings.identity())))
        : Optional.empty();
  }

  @Override
  public void close() {
    server.ifPresent(DeviceServer::close);
  }
}
