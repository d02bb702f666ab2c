package io.github.childconnector.disk;

import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/** A disk of this machine that is not waited for, for tests in which the power stays on. */
@NullMarked
public final class UnforcedDisk extends ForwardingDisk {
  @Override
  protected Output output(Path file, Output output) {
    return new ForwardingOutput(output) {
      @Override
      public void force() {}
    };
  }

  @Override
  public void forceDirectory(Path directory) {}
}
