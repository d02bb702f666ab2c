package io.github.childconnector.update;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.journal.Effort.Limit;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * Lets the limits of operations run, and notes in the journal how long they have, every now and
 * then and at a stop. A thread of its own writes: neither a device nor a timer waits for the disk.
 */
final class Timekeeper implements AutoCloseable {
  /** How often it is noted within a limit; a process that is killed loses as much at most. */
  static final int NOTES = 20;

  /** Between two notes, however short a limit is: the disk has more to do. */
  static final Duration SHORTEST = Duration.ofSeconds(1);

  /** Between two notes, however long a limit is: about as long as a gateway is up at least. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  /** A stop has little time, and the next process may be without the last notes. */
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Recorder recorder;
  private final MonotonicClock clock;
  private final ExecutorService notes;
  private final Set<Operation> timed = new LinkedHashSet<>();

  Timekeeper(Recorder recorder, MonotonicClock clock) {
    this.recorder = recorder;
    this.clock = clock;
    this.notes = clock.threads().daemonPool("times", 1, IDLE);
  }

  /** How much time of a limit may pass between two notes. */
  static Duration interval(Duration limit) {
    Duration share = Collections.min(List.of(limit.dividedBy(NOTES), LONGEST));
    return Collections.max(List.of(share, SHORTEST));
  }

  /** Lets what is left of a limit run, unless it does. */
  Deadline begin(Operation operation, Limit limit, Duration whole) {
    return run(operation, limit, operation.times().rest(limit, whole));
  }

  /** The same for what has to {@linkplain Stopwatches#restAnew begin again} after a restart. */
  Deadline beginAnew(Operation operation, Limit limit, Duration whole) {
    return run(operation, limit, operation.times().restAnew(limit, whole));
  }

  private Deadline run(Operation operation, Limit limit, Duration rest) {
    Optional<Stopwatches.Run> running = operation.times().running(limit);
    if (running.isPresent()) {
      return running.get().deadline();
    }
    Stopwatches.Run begun = start(operation, limit, rest);
    noteLater(operation, limit, begun, interval(rest));
    return begun.deadline();
  }

  private synchronized Stopwatches.Run start(Operation operation, Limit limit, Duration rest) {
    timed.add(operation);
    return operation.times().start(limit, rest);
  }

  private synchronized void leaveUnlessTimed(Operation operation) {
    if (!operation.times().isAnyRunning()) {
      timed.remove(operation);
    }
  }

  private synchronized List<Operation> timed() {
    return List.copyOf(timed);
  }

  private void noteLater(Operation operation, Limit limit, Stopwatches.Run run, Duration interval) {
    Runnable note =
        () -> {
          if (operation.times().running(limit).filter(run::equals).isPresent()) {
            recorder.noteTimes(operation, interval.dividedBy(2));
            noteLater(operation, limit, run, interval);
          } else {
            leaveUnlessTimed(operation);
          }
        };
    MonotonicClock.Timer unused = clock.schedule(interval, () -> notes.execute(note));
  }

  /** Notes for the next process what is not noted yet. */
  @Override
  public void close() {
    notes.shutdownNow();
    Deadline end = Deadline.after(LONGEST_CLOSE, clock);
    timed().stream()
        .filter(unused -> !end.expired())
        .forEach(operation -> recorder.noteTimes(operation, SHORTEST));
  }
}
