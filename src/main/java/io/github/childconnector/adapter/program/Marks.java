package io.github.childconnector.adapter.program;

import io.github.childconnector.operation.OperationKey;
import java.util.HashSet;
import java.util.Set;

/**
 * The variables that tell for which operation, and for which connector, a process works, for
 * example {@code CHILD_ID=plc-1}, {@code OPERATION_ID=tLrLthPXksKbqRqIsrDmy} and {@code
 * CONNECTOR_PID=711}. What it starts inherits them, so they lead to it even where it has left its
 * session and lost its parent.
 */
record Marks(Set<String> variables) {
  Marks {
    variables = Set.copyOf(variables);
  }

  /** The variable that holds the number of the connector's process. */
  static final String CONNECTOR = "CONNECTOR_PID";

  /** The number of this process, for {@link #CONNECTOR}. */
  static String thisConnector() {
    return Long.toString(ProcessHandle.current().pid());
  }

  /** On what this connector starts; another on this machine may have the same operation. */
  static Marks ours(OperationKey key) {
    Set<String> marks = new HashSet<>(ofAny(key).variables);
    marks.add(CONNECTOR + "=" + thisConnector());
    return new Marks(marks);
  }

  /** On what any connector started, an earlier one of this configuration too. */
  static Marks ofAny(OperationKey key) {
    return new Marks(
        Set.of(
            Placeholder.CHILD.variable() + "=" + key.child(),
            Placeholder.OPERATION.variable() + "=" + key.id()));
  }

  /** Whether a process was started with them; never this one itself. */
  boolean areOn(long pid) {
    return pid != ProcessHandle.current().pid()
        && ProcessEntry.environment(pid).containsAll(variables);
  }
}
