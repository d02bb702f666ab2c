package io.github.childconnector.fault;

import java.util.Optional;

/**
 * The faults that would come again and again in this process, so that only a new one mends them: a
 * class, library or file of Java that could not be loaded, which Java does not try twice, or a
 * machine that is broken or out of memory. An exhausted stack is none: it ends with its call.
 */
public final class LastingFault {
  private LastingFault() {}

  /** The lasting fault among an exception and its causes; empty if there is none. */
  public static Optional<Error> in(Throwable fault) {
    return Causes.all(fault).filter(LastingFault::lasts).map(Error.class::cast).findFirst();
  }

  private static boolean lasts(Throwable fault) {
    return fault instanceof LinkageError
        || (fault instanceof VirtualMachineError && !(fault instanceof StackOverflowError));
  }

  /**
   * Throws what is lasting in a fault that its catcher would otherwise make the best of: what
   * nobody catches ends the program, and its service manager starts it anew.
   */
  public static void rethrow(Throwable fault) {
    in(fault)
        .ifPresent(
            lasting -> {
              throw lasting;
            });
  }

  /**
   * Ends the program as {@link #rethrow} does, where the calling thread is a library's, which would
   * swallow what is thrown.
   */
  public static void hand(Throwable fault) {
    Thread thread = Thread.currentThread();
    in(fault)
        .ifPresent(
            lasting -> thread.getUncaughtExceptionHandler().uncaughtException(thread, lasting));
  }
}
