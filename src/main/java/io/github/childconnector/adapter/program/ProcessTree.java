package io.github.childconnector.adapter.program;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.FileTrouble;
import io.github.childconnector.operation.OperationKey;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All the processes that one program has become: those of its session and those with its marks,
 * even where their parents have ended, and the descendants of any of them.
 *
 * <p>An interrupt hinders none of the waits; it is kept for {@link #wasInterrupted}.
 */
final class ProcessTree implements Leftovers.Processes {
  /** A killed process goes at once, unless the kernel holds it for a device. */
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final Set<Long> sessions;
  private final Marks marks;
  private final MonotonicClock clock;

  /** Done again and again while waiting. */
  private final Runnable meanwhile;

  /** Handles know when their process began, so a number that is used again is not mistaken. */
  private final Set<ProcessHandle> members = new HashSet<>();

  private Optional<IOException> blindness = Optional.empty();
  private boolean interrupted;

  private ProcessTree(Set<Long> sessions, Marks marks, MonotonicClock clock, Runnable meanwhile) {
    this.sessions = sessions;
    this.marks = marks;
    this.clock = clock;
    this.meanwhile = meanwhile;
  }

  /** The processes of a program that was started with these marks and leads its session. */
  static ProcessTree of(
      ProcessHandle program, Marks marks, MonotonicClock clock, Runnable meanwhile) {
    ProcessTree tree = new ProcessTree(Set.of(program.pid()), marks, clock, meanwhile);
    tree.members.add(program);
    return tree;
  }

  /**
   * The processes that the programs of an earlier connector have become.
   *
   * @param sessions those that it has noted, and further processes
   */
  static ProcessTree leftBy(Marks marks, Set<Long> sessions, MonotonicClock clock) {
    return new ProcessTree(Set.copyOf(sessions), marks, clock, () -> {});
  }

  /** Processes that run now. */
  @Override
  public Set<ProcessHandle> running() {
    members.removeIf(member -> !member.isAlive());
    List<ProcessEntry> table = table();
    for (long pid : pids(table)) {
      ProcessHandle.of(pid).ifPresent(members::add);
    }
    Set<Long> ended =
        table.stream()
            .filter(ProcessEntry::ended)
            .map(ProcessEntry::pid)
            .collect(Collectors.toSet());
    return members.stream()
        .filter(Predicate.not(member -> ended.contains(member.pid())))
        .collect(Collectors.toSet());
  }

  private List<ProcessEntry> table() {
    try {
      List<ProcessEntry> all = ProcessEntry.all();
      blindness = all.isEmpty() ? Optional.of(new IOException("there are none")) : blindness;
      return all;
    } catch (IOException e) {
      System.getLogger(ProcessTree.class.getName())
          .log(System.Logger.Level.WARNING, "Cannot look for left processes in /proc: " + e);
      blindness = Optional.of(e);
      return List.of();
    }
  }

  @Override
  public Optional<IOException> blindness() {
    return blindness;
  }

  private Set<Long> pids(List<ProcessEntry> table) {
    Set<Long> pids = members.stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    table.stream()
        .map(ProcessEntry::pid)
        .filter(pid -> !pids.contains(pid) && (sessions.contains(pid) || marks.areOn(pid)))
        .toList()
        .forEach(pids::add);
    boolean grown = true;
    while (grown) {
      grown =
          pids.addAll(
              table.stream()
                  .filter(
                      entry -> sessions.contains(entry.session()) || pids.contains(entry.parent()))
                  .map(ProcessEntry::pid)
                  .toList());
    }
    return pids;
  }

  /** Gives them time to end by themselves. */
  void await(Duration limit) {
    signal(member -> {}, limit);
  }

  /**
   * Ends all of them: TERM to each, and KILL to those that still run after {@code grace}.
   *
   * @return those that could not be ended
   */
  @Override
  public Set<ProcessHandle> end(Duration grace) {
    Set<ProcessHandle> stubborn = terminate(grace);
    return stubborn.isEmpty() ? stubborn : kill();
  }

  /**
   * Asks each of them to end.
   *
   * @return those that still run after {@code grace}
   */
  Set<ProcessHandle> terminate(Duration grace) {
    Set<ProcessHandle> told = new HashSet<>();
    signal(
        member -> {
          if (told.add(member)) {
            member.destroy();
          }
        },
        grace);
    return running();
  }

  /**
   * Ends each of them without asking.
   *
   * @return those that could not be ended
   */
  Set<ProcessHandle> kill() {
    return kill(KILL_LIMIT);
  }

  @Override
  public Set<ProcessHandle> kill(Duration limit) {
    signal(ProcessHandle::destroyForcibly, limit);
    return running();
  }

  private void signal(Consumer<ProcessHandle> signal, Duration limit) {
    Set<ProcessHandle> running = running();
    // Once at least, however long it took to find them.
    running.forEach(signal);
    Deadline deadline = Deadline.after(limit, clock);
    while (!running.isEmpty() && !deadline.expired()) {
      meanwhile.run();
      pause();
      running = running();
      running.forEach(signal);
    }
  }

  private void pause() {
    try {
      clock.sleep(PAUSE);
    } catch (InterruptedException e) {
      interrupted = true;
    }
  }

  /** Whether the calling thread was interrupted during a wait. */
  @Override
  public boolean wasInterrupted() {
    return interrupted;
  }

  /**
   * A process of this machine as {@code /proc} shows it.
   *
   * @param started when it began, in ticks since the machine was booted
   * @param ended whether it has ended, and only its parent has not noticed
   */
  record ProcessEntry(long pid, long parent, long session, long started, boolean ended) {
    private static final Path PROC = Path.of("/proc");

    /** The place of the start among the fields behind the name. */
    private static final int STARTED = 19;

    /**
     * Reads a line of {@code /proc/PID/stat}, for example {@code 4711 (a (b) c) S 1 4711 4700 0 …}:
     * number, name, state, parent, group, session, and as the 22nd when it began.
     */
    static ProcessEntry parse(String line) {
      String pid = line.substring(0, line.indexOf(' '));
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", STARTED + 2);
      boolean ended = fields[0].equals("Z") || fields[0].equals("X");
      return new ProcessEntry(
          Long.parseLong(pid),
          Long.parseLong(fields[1]),
          Long.parseLong(fields[3]),
          Long.parseLong(fields[STARTED]),
          ended);
    }

    /**
     * All processes.
     *
     * @throws IOException they cannot be seen, which does not say that there are none
     */
    static List<ProcessEntry> all() throws IOException {
      List<ProcessEntry> entries = new ArrayList<>();
      try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[1-9]*")) {
        for (Path folder : folders) {
          entry(folder).ifPresent(entries::add);
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      return entries;
    }

    /**
     * A process; empty if there is none of this number.
     *
     * @throws IOException it cannot be seen
     */
    static Optional<ProcessEntry> of(long pid) throws IOException {
      return entry(PROC.resolve(Long.toString(pid)));
    }

    private static Optional<ProcessEntry> entry(Path folder) throws IOException {
      return text(folder.resolve("stat"), StandardCharsets.ISO_8859_1).map(ProcessEntry::parse);
    }

    /**
     * The variables with which a process was started, each as {@code NAME=value}; empty if it
     * belongs to somebody else or has ended.
     */
    static Set<String> environment(long pid) {
      Path file = PROC.resolve(Long.toString(pid)).resolve("environ");
      try {
        return text(file, StandardCharsets.UTF_8)
            .map(all -> Set.copyOf(List.of(all.split("\0"))))
            .orElse(Set.of());
      } catch (IOException e) {
        return Set.of();
      }
    }

    private static Optional<String> text(Path file, Charset charset) throws IOException {
      // Not with a channel, which an interrupt would close: every process would seem to have ended.
      try (InputStream content = new FileInputStream(file.toFile())) {
        return Optional.of(new String(content.readAllBytes(), charset));
      } catch (IOException e) {
        if (FileTrouble.isShortOfDescriptors(e)) {
          throw e;
        }
        return Optional.empty(); // it has ended meanwhile
      }
    }
  }

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

    /** On nothing. */
    static Marks none() {
      return new Marks(Set.of());
    }

    /** Whether a process was started with them; never this one itself. */
    boolean areOn(long pid) {
      return pid != ProcessHandle.current().pid()
          && !variables.isEmpty()
          && ProcessEntry.environment(pid).containsAll(variables);
    }
  }
}
