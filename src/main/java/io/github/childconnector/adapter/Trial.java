package io.github.childconnector.adapter;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * How {@code adapter-test} gets at an adapter.
 *
 * @param adapter the adapter as it is tried, which keeps what it notes for itself in the trial's
 *     own directory
 * @param hardened the same adapter under a hardship; empty where it runs no program that could feel
 *     it
 * @param checks what its family asks for besides
 */
public record Trial(
    DeviceAdapter adapter,
    Function<Hardship, Optional<DeviceAdapter>> hardened,
    List<Check> checks) {

  /** Keeps a copy of the checks. */
  public Trial {
    checks = List.copyOf(checks);
  }
}
