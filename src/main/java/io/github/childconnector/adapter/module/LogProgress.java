package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.OperationKey;

/** Where the lines of a module go for whose call the engine has no ear. */
final class LogProgress implements Progress {
  private static final System.Logger LOG = System.getLogger(LogProgress.class.getName());

  private final OperationKey operation;

  LogProgress(OperationKey operation) {
    this.operation = operation;
  }

  @Override
  public void percent(int percent) {
    // nobody waits for this
  }

  @Override
  public void step(Step step) {
    // nor for this
  }

  @Override
  public void message(String text) {
    LOG.log(System.Logger.Level.INFO, "The module says: {0} {1}", text, operation);
  }
}
