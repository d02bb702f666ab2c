package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Hardship;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a program is started under a hardship: by a shell that brings it about. */
final class HardStart {
  private static final String SERVICE_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final Set<String> KEPT = Set.of("LANG", "LC_ALL", "LC_CTYPE", "TZ");

  /** A place where nobody can create a file, not even root. */
  private static final Path READ_ONLY = Path.of("/proc");

  private final Optional<Hardship> hardship;

  HardStart(Optional<Hardship> hardship) {
    this.hardship = hardship;
  }

  /** The words before the program and its arguments. */
  List<String> words() {
    return hardship.map(each -> List.of("/bin/sh", "-c", script(each), "sh")).orElse(List.of());
  }

  private static String script(Hardship hardship) {
    return switch (hardship) {
      // Without the signal a write fails, as on a full disk, and the program lives to see it.
      case FULL_DISK -> "trap '' XFSZ; ulimit -f 0; exec \"$@\"";
      case BARE_SERVICE -> "umask 077; exec \"$@\"";
      case LOST_OUTPUT -> "exec \"$@\" >/dev/full 2>/dev/full";
    };
  }

  /** Takes away from the connector's own variables what the program would not find. */
  void strip(Map<String, String> variables) {
    if (isBare()) {
      variables.keySet().retainAll(KEPT);
      variables.put("PATH", SERVICE_PATH);
    }
  }

  /** The directory in which programs start that have none configured. */
  Optional<Path> directory() {
    return isBare() ? Optional.of(READ_ONLY) : Optional.empty();
  }

  private boolean isBare() {
    return hardship.equals(Optional.of(Hardship.BARE_SERVICE));
  }
}
