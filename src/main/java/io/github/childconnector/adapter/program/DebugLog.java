package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.OperationKey;

/** Where the lines of a version reader go: it is asked so often that nobody wants to see them. */
final class DebugLog implements Progress {
  private static final System.Logger LOG = System.getLogger(DebugLog.class.getName());

  private final OperationKey operation;

  DebugLog(OperationKey operation) {
    this.operation = operation;
  }

  @Override
  public void percent(int percent) {
    // a version has no progress
  }

  @Override
  public void step(Step step) {
    // nor steps
  }

  @Override
  public void message(String text) {
    LOG.log(System.Logger.Level.DEBUG, "read_version says: {0} {1}", text, operation);
  }
}
