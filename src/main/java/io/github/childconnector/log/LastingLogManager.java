package io.github.childconnector.log;

import java.util.logging.LogManager;

/**
 * Keeps the log open to the very end. The JDK's own manager closes it as soon as a shutdown begins,
 * so that nothing of an orderly stop could be read. Public because java.util.logging makes it.
 */
public final class LastingLogManager extends LogManager {
  /** Made by java.util.logging. */
  public LastingLogManager() {}

  /** Does nothing. */
  @Override
  public void reset() {}
}
