package io.github.childconnector.systemd;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Tells systemd how the service is, as sd_notify(3) does. Silent where systemd did not ask for it.
 *
 * <p>The calls return at once and never fail: one daemon thread sends what has been said, in its
 * order, and of several status lines that wait only the last. What cannot be sent is logged once.
 */
public final class ServiceNotifier implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ServiceNotifier.class.getName());
  private static final Duration LAST_WORDS = Duration.ofSeconds(8);

  /** Longer than systemd lets a watchdog wait. */
  private static final Duration IDLE = Duration.ofHours(1);

  /** How often systemd is told that the service still starts: several times in TimeoutStartSec. */
  private static final Duration STARTING_NEWS = Duration.ofSeconds(15);

  /** How long systemd then waits at least, also if some words are lost or late. */
  private static final Duration STARTING = STARTING_NEWS.multipliedBy(4);

  private final Optional<Channel> channel;
  private final Optional<Duration> watchdogInterval;
  private final Map<String, String> pending = new LinkedHashMap<>();
  private final Threads threads;
  private final ExecutorService sender;
  private String lastStatus = "";
  private boolean isSending;
  private boolean wasAlive = true;
  private volatile Optional<MonotonicClock.Timer> watch = Optional.empty();
  private boolean isBroken;

  ServiceNotifier(Optional<Channel> channel, Optional<Duration> watchdogInterval, Threads threads) {
    this.channel = channel;
    this.watchdogInterval = watchdogInterval;
    this.threads = threads;
    this.sender = threads.daemonPool("systemd-notify", 1, IDLE);
  }

  /** A notifier for the service whose environment this is. */
  public static ServiceNotifier of(Map<String, String> environment, Threads threads) {
    return new ServiceNotifier(
        NotifyProgram.of(environment, NotifyProgram.PLACES),
        watchdogInterval(environment, ProcessHandle.current().pid()),
        threads);
  }

  /** Half of the time that systemd gives a process, if the environment gives any to this one. */
  static Optional<Duration> watchdogInterval(Map<String, String> environment, long pid) {
    String microseconds = environment.getOrDefault("WATCHDOG_USEC", "");
    String addressee = environment.getOrDefault("WATCHDOG_PID", Long.toString(pid));
    if (!microseconds.matches("[1-9][0-9]{0,15}") || !addressee.equals(Long.toString(pid))) {
      return Optional.empty();
    }
    return Optional.of(Duration.ofNanos(Long.parseLong(microseconds) * 1000 / 2));
  }

  /** Whether a service manager listens, which also starts the service anew when it ends. */
  public boolean hasManager() {
    return channel.isPresent();
  }

  /** The service does its work from now on. */
  public void ready() {
    tell("READY=1");
  }

  /** Does a part of the start that may take long, and asks systemd again and again to await it. */
  public void whileStarting(MonotonicClock clock, Start part)
      throws IOException, InterruptedException {
    MonotonicClock.Timer news = clock.repeat(STARTING_NEWS, () -> tell(extension(STARTING)));
    try {
      part.run();
    } finally {
      news.cancel();
    }
  }

  /** A part of the start. */
  public interface Start {
    /** Returns when it is done. */
    void run() throws IOException, InterruptedException;
  }

  private static String extension(Duration limit) {
    return "EXTEND_TIMEOUT_USEC=" + limit.toNanos() / 1000;
  }

  /** The service takes over a new configuration; {@link #ready} follows. */
  public void reloading() {
    tell("RELOADING=1");
  }

  /** Tells what {@code systemctl status} is to show; line breaks become spaces. */
  public void status(String status) {
    String line = status.replaceAll("\\p{Cntrl}+", " ").strip();
    synchronized (pending) {
      if (line.equals(lastStatus)) {
        return;
      }
      lastStatus = line;
    }
    tell("STATUS=" + line);
  }

  /**
   * The service has begun to stop; the watchdog is told nothing more.
   *
   * @param limit how long that may take at the longest; systemd kills it afterwards
   */
  public void stopping(Duration limit) {
    watch.ifPresent(MonotonicClock.Timer::cancel);
    tell(extension(limit), "STOPPING=1");
  }

  /**
   * Tells systemd's watchdog that the service is alive for as long as it is; systemd restarts a
   * service that it does not hear from. Does nothing where there is no watchdog.
   *
   * @param alive whether the service does its work; asked on the clock's thread, so it must be
   *     quick. To throw means no.
   */
  public void watch(MonotonicClock clock, BooleanSupplier alive) {
    watch = watchdogInterval.map(pause -> clock.repeat(pause, () -> check(alive)));
  }

  private void check(BooleanSupplier alive) {
    boolean isAlive = isAlive(alive);
    if (isAlive) {
      tell("WATCHDOG=1");
    } else if (wasAlive) {
      LOG.log(
          Level.ERROR, "The connector no longer does its work; systemd's watchdog will restart it");
    }
    wasAlive = isAlive;
  }

  private static boolean isAlive(BooleanSupplier alive) {
    try {
      return alive.getAsBoolean();
    } catch (RuntimeException e) {
      LOG.log(Level.DEBUG, "The question whether the connector is alive failed", e);
      return false;
    }
  }

  /** Sends assignments, those of one call never apart; of each name the last is in effect. */
  private void tell(String... assignments) {
    channel.ifPresent(
        to -> {
          synchronized (pending) {
            for (String assignment : assignments) {
              String name = assignment.substring(0, assignment.indexOf('='));
              pending.remove(name);
              pending.put(name, assignment);
            }
            // A sending that has not begun sends all that is pending: one is enough.
            if (!isSending) {
              isSending = begin(() -> flush(to));
            }
          }
        });
  }

  /** Returns whether the sending is under way; if not, the next call is to try again. */
  private boolean begin(Runnable sending) {
    try {
      sender.execute(sending);
      return true;
    } catch (RuntimeException | OutOfMemoryError e) {
      complain(e);
      return false;
    }
  }

  private void flush(Channel to) {
    try {
      to.send(takePending());
    } catch (IOException e) {
      complain(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void complain(Throwable why) {
    synchronized (pending) {
      if (!isBroken) {
        isBroken = true;
        LOG.log(Level.WARNING, "Cannot tell systemd how the service is", why);
      }
    }
  }

  private List<String> takePending() {
    synchronized (pending) {
      isSending = false;
      List<String> assignments = List.copyOf(pending.values());
      pending.clear();
      return assignments;
    }
  }

  /** Returns when all that was said is sent, or after eight seconds. */
  @Override
  public void close() {
    sender.shutdown();
    try {
      if (!threads.awaitEnd(sender, LAST_WORDS)) {
        LOG.log(Level.WARNING, "Did not tell systemd that the service stops: no time left");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The way to systemd. */
  interface Channel {
    /** Sends assignments such as {@code READY=1}, all in one message, within a few seconds. */
    void send(List<String> assignments) throws IOException, InterruptedException;
  }

  /**
   * The way to systemd by its own program: Java 17 has no datagram sockets of the unix kind, and a
   * native library for them would cost several times the memory.
   */
  static final class NotifyProgram implements ServiceNotifier.Channel {
    /** The places of the program, in the order they are tried. */
    static final List<Path> PLACES =
        List.of(Path.of("/usr/bin/systemd-notify"), Path.of("/bin/systemd-notify"));

    /**
     * The time that one message may take. What is lost is not said again, so a gateway that stalls
     * at its start has some.
     */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));

    private final List<Path> places;
    private final String socket;

    private NotifyProgram(List<Path> places, String socket) {
      this.places = places;
      this.socket = socket;
    }

    /** Empty where systemd has named no socket, since the program would only fail. */
    static Optional<ServiceNotifier.Channel> of(
        Map<String, String> environment, List<Path> places) {
      return Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
          .filter(socket -> !socket.isEmpty())
          .map(socket -> new NotifyProgram(places, socket));
    }

    @Override
    public void send(List<String> assignments) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>(List.of(program().toString()));
      command.addAll(assignments);
      ProcessBuilder builder = new ProcessBuilder(command).redirectInput(NOTHING);
      builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
      builder.environment().put("NOTIFY_SOCKET", socket);
      Process process = builder.start();
      try {
        awaitSuccess(process, command);
      } finally {
        process.destroyForcibly();
      }
    }

    private Path program() throws IOException {
      return places.stream()
          .filter(Files::isExecutable)
          .findFirst()
          .orElseThrow(() -> new IOException("there is no program " + places.get(0)));
    }

    private static void awaitSuccess(Process process, List<String> command)
        throws IOException, InterruptedException {
      if (!process.waitFor(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new IOException(
            command.get(0) + " did not end within " + LIMIT.toSeconds() + " seconds");
      }
      if (process.exitValue() != 0) {
        throw new IOException(command.get(0) + " ended with exit code " + process.exitValue());
      }
    }
  }
}
