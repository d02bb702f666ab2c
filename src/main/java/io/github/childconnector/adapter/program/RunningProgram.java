package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.program.ProcessTree.Marks;
import io.github.childconnector.clock.MonotonicClock;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;

/**
 * A program from its start until nothing of it runs any more. One thread does it all: it listens to
 * both outputs without blocking, notices the end, and ends what was left behind.
 */
final class RunningProgram {
  private static final int MIN_PAUSE_MILLIS = 1;
  private static final int MAX_PAUSE_MILLIS = 50;

  /** The time for what follows a program's end by itself, such as a {@code tee} of its output. */
  private static final Duration SETTLE = Duration.ofMillis(500);

  private final Process process;
  private final ProgramOutput output;
  private final OutputLines standard;
  private final OutputLines errors;
  private final ProcessTree tree;
  private boolean isDeaf;
  private Set<ProcessHandle> left = Set.of();

  RunningProgram(Process process, Marks marks, ProgramOutput output, MonotonicClock clock) {
    this.process = process;
    this.output = output;
    this.standard = new OutputLines(process.getInputStream(), output::line);
    this.errors = new OutputLines(process.getErrorStream(), output::errorLine);
    this.tree = ProcessTree.of(process.toHandle(), marks, clock, this::read);
  }

  /**
   * Waits for the program's own end, then ends what it left running.
   *
   * @param grace what a process has between TERM and KILL
   * @return the exit status
   * @throws InterruptedException the thread was interrupted; the program was ended
   */
  int await(Duration grace) throws InterruptedException {
    InputStream first = process.getInputStream();
    InputStream second = process.getErrorStream();
    // When the program ends the JDK's reaper takes all that its pipes hold into memory and closes
    // them. While these monitors are held it waits, and what was left behind is listened to until
    // it has ended too.
    synchronized (first) {
      synchronized (second) {
        try (first;
            second) {
          return listen(grace);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private int listen(Duration grace) throws InterruptedException {
    try {
      listenUntilExit();
      tree.await(SETTLE);
    } finally {
      end(grace);
      int unused = hear(() -> standard.readRest() + errors.readRest());
    }
    if (tree.wasInterrupted()) {
      throw new InterruptedException();
    }
    return process.exitValue();
  }

  private void listenUntilExit() throws InterruptedException {
    int pause = MIN_PAUSE_MILLIS;
    while (!process.waitFor(pause, TimeUnit.MILLISECONDS)) {
      pause = read() ? MIN_PAUSE_MILLIS : Math.min(2 * pause, MAX_PAUSE_MILLIS);
    }
  }

  private boolean read() {
    return hear(() -> standard.read() + errors.read()) > 0;
  }

  /**
   * Listens, unless that has failed before: whatever throws where the lines go must not keep the
   * program from being ended.
   */
  private int hear(IntSupplier listening) {
    if (isDeaf) {
      return 0;
    }
    isDeaf = true;
    int heard = listening.getAsInt();
    isDeaf = false;
    return heard;
  }

  private void remark(String text) {
    int unused =
        hear(
            () -> {
              output.remark(text);
              return 0;
            });
  }

  private void end(Duration grace) {
    Set<ProcessHandle> running = tree.running();
    if (!running.isEmpty()) {
      remark("still running, and ended now: " + Leftovers.list(running));
      Set<ProcessHandle> stubborn = tree.terminate(grace);
      if (!stubborn.isEmpty()) {
        kill(stubborn);
      }
    }
  }

  private void kill(Set<ProcessHandle> stubborn) {
    remark("did not end at TERM, and killed now: " + Leftovers.list(stubborn));
    left = tree.kill();
    if (!left.isEmpty()) {
      remark("could not be ended: " + Leftovers.list(left));
    }
  }

  /** The processes that could not be ended. */
  Set<ProcessHandle> left() {
    return left;
  }

  /**
   * An output of a running program: read only as far as there is something, so never blocking, and
   * cut into lines that may be logged, in constant memory whatever the program writes.
   *
   * <p>A line ends with a line feed or a carriage return, as progress bars use it. It is read as
   * UTF-8, with a replacement for what is not; colours and control characters are removed; beyond
   * {@value #LIMIT} bytes it is cut. Empty lines are left out.
   */
  static final class OutputLines {
    static final int LIMIT = 4096;
    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\u2028\u2029]+");

    /** The most that a pipe can hold. */
    private static final int CAPACITY = 1 << 20;

    private final InputStream pipe;
    private final Consumer<String> receiver;
    private final byte[] buffer = new byte[1 << 16];
    private final byte[] line = new byte[LIMIT];
    private int length;
    private boolean cut;

    OutputLines(InputStream pipe, Consumer<String> receiver) {
      this.pipe = pipe;
      this.receiver = receiver;
    }

    /** Reads what is there now, up to one buffer; returns how much it was. */
    int read() {
      try {
        int available = Math.min(pipe.available(), buffer.length);
        int count = available == 0 ? 0 : Math.max(0, pipe.read(buffer, 0, available));
        append(buffer, count);
        return count;
      } catch (IOException e) {
        throw new UncheckedIOException("the output of a program cannot be read", e);
      }
    }

    /** Reads what the ended program left, and no more than that where a stranger still writes. */
    int readRest() {
      int rest = 0;
      for (int count = read(); count > 0 && rest < CAPACITY; count = read()) {
        rest += count;
      }
      end();
      return rest;
    }

    /** Takes the first {@code count} of these bytes. */
    void append(byte[] bytes, int count) {
      for (int i = 0; i < count; i++) {
        append(bytes[i]);
      }
    }

    private void append(byte next) {
      if (next == '\n' || next == '\r') {
        end();
      } else if (length < LIMIT) {
        line[length++] = next;
      } else {
        cut = true;
      }
    }

    /** Ends the line that has begun, if one has. */
    void end() {
      String text = clean(new String(line, 0, length, StandardCharsets.UTF_8)) + (cut ? "…" : "");
      length = 0;
      cut = false;
      if (!text.isEmpty()) {
        receiver.accept(text);
      }
    }

    private static String clean(String text) {
      return CONTROLS.matcher(COLOURS.matcher(text).replaceAll("")).replaceAll(" ").strip();
    }
  }
}
