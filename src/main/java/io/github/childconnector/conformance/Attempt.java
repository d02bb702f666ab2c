package io.github.childconnector.conformance;

import io.github.childconnector.adapter.Installation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One call of {@code install}, to its end.
 *
 * @param failure why it failed
 * @param said what was heard of it, a line each
 * @param took how long it lasted
 * @param wasCut whether its time was up before it had ended
 */
record Attempt(
    Installation installation,
    Optional<String> failure,
    List<String> said,
    Duration took,
    boolean wasCut) {

  boolean isSuccess() {
    return failure.isEmpty() && !wasCut;
  }

  /** The first line that begins so. */
  Optional<String> remark(String beginning) {
    return said.stream().filter(line -> line.startsWith(beginning)).findFirst();
  }
}
