package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.OperationKey;
import java.util.Map;

/**
 * A run of a program.
 *
 * @param line what is run
 * @param values what its placeholders and its environment hold
 * @param operation for which it is run, and by which its processes are known
 * @param progress who listens to it
 * @param failureCode what it is called when it cannot be started
 */
public record ProgramCall(
    CommandLine line,
    Map<Placeholder, String> values,
    OperationKey operation,
    Progress progress,
    FailureCode failureCode) {

  /** Keeps a copy of the values. */
  public ProgramCall {
    values = Map.copyOf(values);
  }
}
