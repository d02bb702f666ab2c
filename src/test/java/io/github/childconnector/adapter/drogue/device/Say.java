package io.github.childconnector.adapter.drogue.device;

import java.util.Optional;

/** A status, as the device means it. */
record Say(String version, int mtu, Optional<Integer> correlationId, Optional<Have> have) {

  /** What it has of another version, or believes to have. */
  record Have(String version, int offset) {}

  Say of(int otherMtu) {
    return new Say(version, otherMtu, correlationId, have);
  }
}
