package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.endpoint.BasicLogin;
import java.util.Optional;

/**
 * Where a device is to be found.
 *
 * @param device its name there; empty where it is alone
 * @param login what it has to show, where the transport itself knows of no logins
 */
record Access(TransportSettings transport, String device, Optional<BasicLogin> login) {
  @Override
  public String toString() {
    return device.isEmpty() ? transport.toString() : transport + " as " + device;
  }
}
