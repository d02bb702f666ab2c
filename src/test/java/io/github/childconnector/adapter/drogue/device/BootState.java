package io.github.childconnector.adapter.drogue.device;

import java.io.IOException;
import java.util.Arrays;

/**
 * What STATE of embassy-boot says, in words of 4 bytes:
 *
 * <pre>
 * F0F0F0F0 FFFFFFFF 00000000 00000000 FFFFFFFF …   swap; two of its copies are done
 * </pre>
 *
 * Word 0 is the magic, word 1 is erased as long as the progress is valid, and each of the others is
 * 0 once its copy is done: two for each page to swap, and then two for each page to revert.
 */
final class BootState {
  static final int BOOT = 0xD0;
  static final int SWAP = 0xF0;
  static final int REVERT = 0xC0;

  private final Partition state;
  private final CountedSteps steps;

  BootState(Partition state, CountedSteps steps) {
    this.state = state;
    this.steps = steps;
  }

  boolean is(int magic) throws IOException {
    return Arrays.equals(state.read(0, Flash.WORD), word(magic));
  }

  /** The index of the first copy that is not known to be done. */
  int progress() throws IOException {
    int copies = state.size() / Flash.WORD - 2;
    if (!Partition.isErased(state.read(Flash.WORD, Flash.WORD))) {
      return copies;
    }
    int index = 0;
    while (index < copies && !isErased(index)) {
      index++;
    }
    return index;
  }

  private boolean isErased(int copy) throws IOException {
    return Partition.isErased(state.read((2 + copy) * Flash.WORD, Flash.WORD));
  }

  void done(int copy) throws IOException {
    steps.before("progress");
    state.write((2 + copy) * Flash.WORD, word(0));
  }

  /** Three steps, so that the power may go between them. */
  void set(int magic) throws IOException {
    if (!is(magic)) {
      steps.before("state");
      state.write(Flash.WORD, word(0));
      steps.before("state");
      state.erase(0, state.size());
      steps.before("state");
      state.write(0, word(magic));
    }
  }

  private static byte[] word(int value) {
    byte[] word = new byte[Flash.WORD];
    Arrays.fill(word, (byte) value);
    return word;
  }
}
