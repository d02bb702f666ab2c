package io.github.childconnector.journal;

import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The record of one operation.
 *
 * @param key which operation
 * @param sequence its place in the order of acceptance, over all children
 * @param update the request; empty where it was refused
 * @param stage how far it is
 * @param failure why it failed, or will fail unless the device turns out to run the firmware
 * @param requests those who asked for it, the first one first
 * @param effort what it has cost up to now
 * @param history the latest stages it has been in, the present one last; at most {@value
 *     #MAX_HISTORY}
 */
public record JournalEntry(
    OperationKey key,
    long sequence,
    Optional<FirmwareUpdate> update,
    Stage stage,
    Optional<Failure> failure,
    List<Asked> requests,
    Effort effort,
    List<Step> history) {
  static final int MAX_HISTORY = 50;

  /** When a stage was entered, by the clock of the day: for people to read, not to decide by. */
  public record Step(Stage stage, Instant at) {}

  /**
   * A request for an operation.
   *
   * @param isTold whether its requester has the end for certain
   */
  public record Asked(Request request, boolean isTold) {}

  /** Keeps its own copies of the lists. */
  public JournalEntry {
    requests = List.copyOf(requests);
    history = List.copyOf(history);
  }

  /** A request of the legacy contract that was accepted. */
  public static JournalEntry accepted(FirmwareUpdate update, long sequence, Instant now) {
    return accepted(Request.LEGACY, update, sequence, now);
  }

  /** A request that was accepted. */
  public static JournalEntry accepted(
      String requester, FirmwareUpdate update, long sequence, Instant now) {
    return new JournalEntry(
        update.key(),
        sequence,
        Optional.of(update),
        Stage.QUEUED,
        Optional.empty(),
        List.of(new Asked(new Request(requester, update.key()), false)),
        Effort.NONE,
        List.of(new Step(Stage.QUEUED, now)));
  }

  /** A request of the legacy contract that was refused. */
  public static JournalEntry refused(
      OperationKey key, long sequence, Failure failure, Instant now) {
    return refused(new Request(Request.LEGACY, key), sequence, failure, now);
  }

  /** A request that was refused, or an operation of which only the key could be saved. */
  public static JournalEntry refused(Request request, long sequence, Failure failure, Instant now) {
    return new JournalEntry(
        request.key(),
        sequence,
        Optional.empty(),
        Stage.FAILED,
        Optional.of(failure),
        List.of(new Asked(request, false)),
        Effort.NONE,
        List.of(new Step(Stage.FAILED, now)));
  }

  /**
   * Returns this operation one stage later.
   *
   * @throws IllegalStateException {@link Stage} does not list {@code next} as a follower
   */
  public JournalEntry enter(Stage next, Optional<Failure> why, Instant now) {
    requireFollower(next);
    List<Step> steps = new ArrayList<>(history);
    steps.add(new Step(next, now));
    int first = Math.max(0, steps.size() - MAX_HISTORY);
    List<Step> latest = steps.subList(first, steps.size());
    return new JournalEntry(key, sequence, update, next, why, marked(false), effort, latest);
  }

  private List<Asked> marked(boolean isTold) {
    return requests.stream().map(asked -> new Asked(asked.request(), isTold)).toList();
  }

  /** Returns this operation with what it has cost by now. */
  public JournalEntry with(Effort now) {
    return new JournalEntry(key, sequence, update, stage, failure, requests, now, history);
  }

  /** Returns this operation with what is known of its request now. */
  public JournalEntry with(FirmwareUpdate more) {
    return new JournalEntry(
        key, sequence, Optional.of(more), stage, failure, requests, effort, history);
  }

  /** Returns this operation with a request whose requester is yet to be told its end. */
  public JournalEntry askedBy(Request request) {
    Asked untold = new Asked(request, false);
    List<Asked> all =
        requests.stream().map(asked -> asked.request().equals(request) ? untold : asked).toList();
    if (!all.contains(untold)) {
      all = Stream.concat(all.stream(), Stream.of(untold)).toList();
    }
    return new JournalEntry(key, sequence, update, stage, failure, all, effort, history);
  }

  /** Whether somebody has asked for it in this way. */
  public boolean isAskedBy(String requester) {
    return requests.stream().anyMatch(asked -> asked.request().requester().equals(requester));
  }

  /** Whether this is one of its requests. */
  public boolean isAskedBy(Request request) {
    return requests.stream().anyMatch(asked -> asked.request().equals(request));
  }

  /**
   * Refuses a stage that cannot come next.
   *
   * @throws IllegalStateException says how the operation came to where it is
   */
  public void requireFollower(Stage next) {
    if (!stage.followers().contains(next)) {
      throw new IllegalStateException(
          "%s cannot go from %s to %s; it came by %s".formatted(key, stage, next, history));
    }
  }

  /** Whether all that asked for it have its end for certain. */
  public boolean reported() {
    return requests.stream().allMatch(Asked::isTold);
  }

  /** Returns this operation with its end told to all that asked for it, or to be told again. */
  public JournalEntry markReported(boolean isReported) {
    return new JournalEntry(
        key, sequence, update, stage, failure, marked(isReported), effort, history);
  }

  /**
   * Returns what has to be known of a queued operation while it waits for its turn: which it is,
   * who asked for it, and which image it needs. The rest is in its file.
   */
  public JournalEntry abridged() {
    Optional<FirmwareUpdate> brief =
        update.map(
            whole ->
                new FirmwareUpdate(
                    key, new Firmware("", ""), whole.digest(), "", whole.source(), false));
    return new JournalEntry(key, sequence, brief, stage, failure, requests, Effort.NONE, List.of());
  }

  /** Whether the rest of it has to be read from its file before anything is done with it. */
  public boolean isAbridged() {
    return stage == Stage.QUEUED && history.isEmpty();
  }

  /** Whether nothing ever was to be done: a request that was refused at the door. */
  public boolean isRefusal() {
    // What was accepted once, and is damaged now, has no request either.
    return update.isEmpty()
        && failure.filter(why -> why.code() != FailureCode.STORAGE_FAILED).isPresent();
  }

  /**
   * Whether it was successful without anything being done, because the device ran the version
   * already.
   */
  public boolean isUntouched() {
    int before = history.size() - 2;
    return stage == Stage.SUCCESSFUL
        && before >= 0
        && history.get(before).stage() == Stage.CHECKING;
  }

  /** The word about a success that may surprise: that nothing was flashed. */
  public Optional<String> notice() {
    return update
        .filter(asked -> isUntouched())
        .map(asked -> "not flashed: it runs " + asked.firmware().version() + " already");
  }

  /** How it ended; empty while it is under way. */
  public Optional<Outcome> outcome() {
    return switch (stage) {
      case SUCCESSFUL -> Optional.of(new Outcome(Optional.empty(), notice()));
      case FAILED -> failure.map(why -> new Outcome(Optional.of(why), Optional.empty()));
      default -> Optional.empty();
    };
  }
}
