package io.github.childconnector.adapter.command;

import io.github.childconnector.operation.OperationKey;
import java.util.Set;

/**
 * The variables that tell which operation a process works for, for example {@code CHILD_ID=plc-1}
 * and {@code OPERATION_ID=tLrLthPXksKbqRqIsrDmy}. What it starts inherits them, so they lead to it
 * even where it has left its session and lost its parent.
 */
record Marks(Set<String> variables) {
  Marks {
    variables = Set.copyOf(variables);
  }

  static Marks of(OperationKey key) {
    return new Marks(
        Set.of(
            Placeholder.CHILD.variable() + "=" + key.child(),
            Placeholder.OPERATION.variable() + "=" + key.id()));
  }

  /** Whether a process was started with them; never this one itself. */
  boolean areOn(long pid) {
    return pid != ProcessHandle.current().pid()
        && ProcessTable.environment(pid).containsAll(variables);
  }
}
