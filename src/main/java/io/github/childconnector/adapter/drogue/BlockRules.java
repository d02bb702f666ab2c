package io.github.childconnector.adapter.drogue;

import java.util.Optional;

/**
 * In which pieces an image is sent.
 *
 * @param largest bytes of one block at the most, whatever the device says
 * @param alignment what the length of each block is a multiple of, but for the last
 * @param padding the byte with which the last is filled up; empty if it is not
 */
record BlockRules(int largest, int alignment, Optional<Byte> padding) {
  /** What a device takes that does not say it. */
  private static final long USUAL_MTU = 512;

  /** How many bytes are in a block for a device; 0 if none can be. */
  int length(Optional<Long> mtu) {
    long most = Math.min(mtu.orElse(USUAL_MTU), largest);
    return (int) (most - most % alignment);
  }

  /** How many bytes are sent of an image. */
  long sent(long size) {
    return padding.isEmpty() ? size : (size + alignment - 1) / alignment * alignment;
  }
}
