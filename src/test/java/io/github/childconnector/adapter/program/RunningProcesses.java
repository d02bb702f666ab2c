package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.program.ProcessTree.ProcessEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/** The processes of this machine that have not ended, for the tests of other packages. */
@NullMarked
public final class RunningProcesses {
  private RunningProcesses() {}

  /** Their numbers. */
  public static List<Long> list() {
    try {
      return ProcessEntry.all().stream()
          .filter(entry -> !entry.ended())
          .map(ProcessEntry::pid)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The variables of one, each as {@code NAME=value}. */
  public static Set<String> environment(long pid) {
    return ProcessEntry.environment(pid);
  }
}
