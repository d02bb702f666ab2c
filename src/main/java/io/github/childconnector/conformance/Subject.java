package io.github.childconnector.conformance;

import io.github.childconnector.adapter.Trial;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.update.Child;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * The adapter under test, and the firmware it is tested with.
 *
 * @param child whose times bound every call
 * @param trial its adapter
 * @param wanted what is installed again and again
 * @param previous what is installed before each check, so that each is a change of version
 * @param withBadImages whether images that are no firmware are installed too
 * @param only the names of the checks that are run; empty for all
 */
public record Subject(
    Child child,
    Trial trial,
    Release wanted,
    Optional<Release> previous,
    boolean withBadImages,
    Set<String> only) {

  public Subject {
    only = Set.copyOf(only);
  }

  boolean wants(String check) {
    return only.isEmpty() || only.contains(check);
  }

  /**
   * A firmware with the file that holds its image.
   *
   * @param firmware its version is the one that the device will tell
   */
  public record Release(Firmware firmware, Path file) {}
}
