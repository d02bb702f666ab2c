package io.github.childconnector;

import io.github.childconnector.Connector.Surroundings;
import io.github.childconnector.cli.AdapterTestCommand;
import io.github.childconnector.cli.CheckConfigCommand;
import io.github.childconnector.cli.CommandLineTool;
import io.github.childconnector.cli.CommandLineTool.RunCommand;
import io.github.childconnector.cli.CommonOptions;
import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.cli.RequestCommand;
import io.github.childconnector.cli.StatusCommand;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.fault.LastingFault;
import io.github.childconnector.log.Logging;
import io.github.childconnector.log.Severity;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.PahoLink;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;

/**
 * The program. {@code run}, with or without {@code --config FILE}, is read here, so that the daemon
 * never loads picocli; every other command line is picocli's.
 *
 * <p>What nobody caught, in whatever thread, ends the program with {@link ExitCode#SOFTWARE} and
 * its stack trace in the log: a daemon that has lost a thread looks alive and does nothing.
 */
public final class Main {
  private final ToIntFunction<Path> daemon;
  private final ToIntFunction<String[]> commands;

  Main(ToIntFunction<Path> daemon, ToIntFunction<String[]> commands) {
    this.daemon = daemon;
    this.commands = commands;
  }

  /** Runs one command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    prepare(configToRun(arguments).isPresent() ? Severity.INFO : Severity.WARNING);
    System.exit(new Main(Main::runDaemon, Main::runCommand).execute(arguments));
  }

  /** Sets what the whole process has in common; {@code least} is the default of what is logged. */
  static void prepare(Severity least) {
    // Measured: the default of 16 KiB is what bounds the speed of a download.
    setUnlessGiven("jdk.httpclient.bufsize", "262144");
    // Else each program is started by the file jspawnhelper of this Java, and none any more once an
    // upgrade has put another version's there. Costs 4 ms a program, and VFORK is on its way out.
    setUnlessGiven("jdk.lang.Process.launchMechanism", "FORK");
    Logging.configure(System.getenv(), least);
    Thread.setDefaultUncaughtExceptionHandler(Main::exit);
  }

  private static void setUnlessGiven(String property, String value) {
    System.setProperty(property, System.getProperty(property, value));
  }

  /** Runs one command line and returns its exit code, whatever is thrown. */
  int execute(String... arguments) {
    try {
      return configToRun(arguments)
          .map(daemon::applyAsInt)
          .orElseGet(() -> commands.applyAsInt(arguments));
    } catch (Exception | Error unexpected) {
      report(Thread.currentThread(), unexpected);
      return ExitCode.SOFTWARE;
    }
  }

  /** The configuration of a plain {@code run}; empty for what picocli has to read. */
  static Optional<Path> configToRun(String... arguments) {
    List<String> words = List.of(arguments);
    if (words.isEmpty() || !words.get(0).equals("run")) {
      return Optional.empty();
    }
    return configFile(words.subList(1, words.size())).map(Path::of);
  }

  private static Optional<String> configFile(List<String> options) {
    if (options.isEmpty()) {
      return Optional.of(CommonOptions.DEFAULT_CONFIG);
    }
    String option = options.get(0);
    return switch (options.size()) {
      case 1 -> value(option, "--config=");
      case 2 -> option.equals("--config") ? value(options.get(1), "") : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<String> value(String word, String start) {
    boolean isOther = start.isEmpty() && word.startsWith("-");
    return word.startsWith(start) && word.length() > start.length() && !isOther
        ? Optional.of(word.substring(start.length()))
        : Optional.empty();
  }

  private static int runDaemon(Path config) {
    return Connector.main(config, Surroundings.ofThisMachine());
  }

  private static int runCommand(String... arguments) {
    ConfigLoader loader = Surroundings.ofThisMachine().loader();
    return new CommandLineTool(
            List.of(
                new RunCommand(Main::runDaemon),
                new CheckConfigCommand(loader),
                new StatusCommand(loader),
                new RequestCommand(loader, Main::link),
                new AdapterTestCommand(loader)))
        .execute(arguments);
  }

  private static MqttLink link(MqttSettings broker) {
    // Not RandomGenerator's default: that of Java 17 is in a module which the bundled runtime
    // lacks.
    return new PahoLink(broker, new SystemClock(), new SplittableRandom());
  }

  private static void exit(Thread thread, Throwable unexpected) {
    try {
      report(thread, unexpected);
    } finally {
      leave(ExitCode.SOFTWARE);
    }
  }

  /**
   * Ends the process in order; not in this thread, for whose end the shutdown may wait, unless
   * there can be no other.
   */
  static void leave(int exitCode) {
    try {
      new Thread(() -> System.exit(exitCode), "exit").start();
    } catch (OutOfMemoryError e) {
      Runtime.getRuntime().halt(exitCode);
    }
  }

  private static void report(Thread thread, Throwable unexpected) {
    System.getLogger(Main.class.getName())
        .log(
            System.Logger.Level.ERROR,
            "Stopped by an unexpected error in thread "
                + thread.getName()
                + (LastingFault.in(unexpected).isPresent()
                    ? ", which lasts as long as this process, so the service manager starts another"
                        + " one; please report it with these lines if it comes again"
                    : "; please report it with these lines"),
            unexpected);
  }
}
