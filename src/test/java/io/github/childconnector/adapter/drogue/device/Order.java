package io.github.childconnector.adapter.drogue.device;

import java.nio.ByteBuffer;
import java.util.Optional;

/** A command, as the device understands it. */
sealed interface Order {

  record Wait(Optional<Long> poll) implements Order {}

  record Sync(Optional<Long> poll) implements Order {}

  record Write(String version, int offset, ByteBuffer data) implements Order {}

  record Swap(String version, ByteBuffer digest) implements Order {}
}
