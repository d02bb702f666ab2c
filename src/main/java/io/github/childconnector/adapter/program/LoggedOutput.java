package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.OperationKey;

/** The place for the lines of a program whose call nobody else listens to: into the log. */
public final class LoggedOutput implements Progress {
  private static final System.Logger LOG = System.getLogger(LoggedOutput.class.getName());

  private final System.Logger.Level level;
  private final String speaker;
  private final OperationKey operation;

  /**
   * Logs what a program writes.
   *
   * @param speaker who is said to have written it, for example {@code read_version}
   */
  public LoggedOutput(System.Logger.Level level, String speaker, OperationKey operation) {
    this.level = level;
    this.speaker = speaker;
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
    LOG.log(level, "{0} says: {1} {2}", speaker, text, operation);
  }
}
