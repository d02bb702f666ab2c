package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.CborCodec;
import io.github.childconnector.adapter.drogue.wire.Codec;

/**
 * How statuses come from devices and commands go to them. Children with equal settings share one
 * transport; the text of the settings is what people know it by.
 */
interface TransportSettings {
  /** On a network a block is as large as settings allow, and not as messages do. */
  int MOST_DATA = 64 << 10;

  /** A transport that has its statuses answered by these. */
  Transport transport(Dialogues dialogues);

  /** The form of its messages; made when the first message comes, and never at start. */
  default Codec codec() {
    return new CborCodec();
  }

  /** In bytes, the largest block that fits into a message of it. */
  default int largestBlock() {
    return MOST_DATA;
  }
}
