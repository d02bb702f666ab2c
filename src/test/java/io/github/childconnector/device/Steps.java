package io.github.childconnector.device;

import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The steps of a simulated device. As a process of its own it prints each when it comes there, with
 * how often it was there, and may end itself at one as by a power cut:
 *
 * <pre>
 * start#1
 * poll#1
 * </pre>
 */
public final class Steps {
  private final boolean isTold;
  private final Optional<String> last;
  private final Map<String, Integer> reached = new HashMap<>();

  private Steps(boolean isTold, Optional<String> last) {
    this.isTold = isTold;
    this.last = last.map(step -> step.contains("#") ? step : step + "#1");
  }

  /** For a device in the process of a test. */
  public static Steps silent() {
    return new Steps(false, Optional.empty());
  }

  /** For a process, which gets SIGKILL at the last step, such as {@code switched#2}. */
  public static Steps told(Optional<String> last) {
    return new Steps(true, last);
  }

  /** Is there. */
  public synchronized void reach(Enum<?> step) {
    String name = step.name().toLowerCase(Locale.ROOT).replace('_', '-');
    String point = name + "#" + reached.merge(name, 1, Integer::sum);
    if (isTold) {
      System.out.println(point);
    }
    if (last.filter(point::equals).isPresent()) {
      end();
    }
  }

  /** From outside, since Java would tidy up. */
  private static void end() {
    try {
      new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start();
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
    while (true) {
      LockSupport.park();
    }
  }
}
