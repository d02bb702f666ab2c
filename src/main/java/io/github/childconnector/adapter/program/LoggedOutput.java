package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.OperationKey;

/**
 * Logs the lines of a program whose call nobody else listens to.
 *
 * @param speaker who is said to have written them, for example {@code read_version}
 */
public record LoggedOutput(System.Logger.Level level, String speaker, OperationKey operation)
    implements Progress {
  private static final System.Logger LOG = System.getLogger(LoggedOutput.class.getName());

  @Override
  public void message(String text) {
    LOG.log(level, "{0} says: {1} {2}", speaker, text, operation);
  }
}
