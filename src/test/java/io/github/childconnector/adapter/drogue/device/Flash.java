package io.github.childconnector.adapter.drogue.device;

import java.io.IOException;
import java.nio.file.Path;

/** The three partitions of embassy-boot, in a directory: ACTIVE runs, DFU is a page larger. */
record Flash(Partition active, Partition dfu, Partition state, int pages) {
  static final int PAGE = 512;

  /** What is written of STATE at a time. */
  static final int WORD = 4;

  static Flash in(Path directory, int pages) throws IOException {
    return new Flash(
        Partition.open(directory.resolve("ACTIVE"), pages * PAGE),
        Partition.open(directory.resolve("DFU"), (pages + 1) * PAGE),
        Partition.open(directory.resolve("STATE"), (2 + 4 * pages) * WORD),
        pages);
  }
}
