package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.tls.TlsSettings.Identity;
import java.util.Optional;

/**
 * Devices that post their statuses.
 *
 * @param identity the server's certificate; empty for plain HTTP
 */
record HttpSettings(ListenAddress listen, Optional<Identity> identity)
    implements TransportSettings {
  @Override
  public Transport transport(Dialogues dialogues) {
    return new HttpTransport(this, dialogues);
  }

  @Override
  public String toString() {
    return (identity.isPresent() ? "https://" : "http://") + listen;
  }
}
