package io.github.childconnector.adapter.drogue.device;

import java.io.IOException;

/**
 * embassy-boot's {@code prepare_boot}: an image that was marked is swapped in and runs on trial;
 * where it is still on trial at the next start, the old one is put back. Power may go at any time.
 */
final class BootLoader {
  private final Flash flash;
  private final BootState state;
  private final CountedSteps steps;

  BootLoader(Flash flash, BootState state, CountedSteps steps) {
    this.flash = flash;
    this.state = state;
    this.steps = steps;
  }

  void prepare() throws IOException {
    steps.before("boot");
    if (state.is(BootState.SWAP)) {
      if (state.progress() < 2 * flash.pages()) {
        swap();
      } else {
        revert();
        state.set(BootState.REVERT);
      }
    }
  }

  /** From the last page on, each page of ACTIVE goes to the next one of DFU. */
  private void swap() throws IOException {
    for (int done = 0; done < flash.pages(); done++) {
      int page = flash.pages() - 1 - done;
      copy(2 * done, new Copy(flash.active(), page, flash.dfu(), page + 1));
      copy(2 * done + 1, new Copy(flash.dfu(), page, flash.active(), page));
    }
  }

  private void revert() throws IOException {
    for (int page = 0; page < flash.pages(); page++) {
      int index = 2 * (flash.pages() + page);
      copy(index, new Copy(flash.active(), page, flash.dfu(), page));
      copy(index + 1, new Copy(flash.dfu(), page + 1, flash.active(), page));
    }
  }

  private record Copy(Partition from, int fromPage, Partition to, int toPage) {}

  private void copy(int index, Copy copy) throws IOException {
    if (state.progress() <= index) {
      steps.before("copy");
      copy.to().erase(copy.toPage() * Flash.PAGE, Flash.PAGE);
      steps.before("copy");
      byte[] page = copy.from().read(copy.fromPage() * Flash.PAGE, Flash.PAGE);
      copy.to().write(copy.toPage() * Flash.PAGE, page);
      state.done(index);
    }
  }
}
