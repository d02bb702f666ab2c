package io.github.childconnector.disk;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/** A disk of this machine that is not waited for, for tests in which the power stays on. */
@NullMarked
public final class UnforcedDisk extends ForwardingDisk {
  @Override
  public Output create(Path file) throws IOException {
    return unforced(super.create(file));
  }

  @Override
  public Output append(Path file) throws IOException {
    return unforced(super.append(file));
  }

  private static Output unforced(Output output) {
    return new Output() {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        output.write(bytes, length);
      }

      @Override
      public void force() {}

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }

  @Override
  public void forceDirectory(Path directory) {}
}
