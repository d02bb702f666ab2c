package io.github.childconnector.log;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/** A program that logs, for {@link LoggingTest} to read what it wrote. */
final class LoggingProbe {
  private LoggingProbe() {}

  public static void main(String[] arguments) {
    Map<String, String> environment = System.getenv();
    Logging.configure(environment, Severity.INFO);
    System.gc();
    System.Logger ours = System.getLogger("io.github.childconnector.update.Lane");
    ours.log(Level.DEBUG, "details of ours");
    ours.log(Level.INFO, "Gerät");
    ours.log(Level.WARNING, "warned");
    System.getLogger("some.library").log(Level.DEBUG, "details of a library");
    Logger.getLogger("org.eclipse.paho.mqttv5.client.Some").severe("a broken pipe");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> logLastWords(ours)));
  }

  private static void logLastWords(System.Logger logger) {
    // As the JDK does at some moment of every shutdown.
    LogManager.getLogManager().reset();
    logger.log(Level.INFO, "stopped");
  }
}
