package io.github.childconnector.update;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.journal.JournalEntry.Asked;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Request;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The turns in which the operations of a child are spoken of, as the {@link Requester.Pacing} of
 * all requesters asks for: the first word about one comes when the end of the one before was told
 * and a pause is over. One that had to wait too long for that is announced out of turn, so that
 * nobody gives it up; its end still comes in its turn.
 *
 * <p>Used by the reporter's thread alone.
 */
final class Announcements {
  /**
   * The most refusals of a child that wait for their turn; further ones are told at once. With a
   * pause behind each, a flood of them would hold up what is said of the child's operations for
   * hours; the memory is bounded by {@link Untold}.
   */
  static final int MOST_REFUSALS = 100;

  private final Requesters requesters;
  private final Requester.Pacing pacing;
  private final MonotonicClock clock;
  private final Turns turns;
  private final Map<ChildId, Line> lines = new HashMap<>();

  /** The reporter, whose turn comes. */
  interface Turns {
    /** Tells an end, for which {@link Announcements#admits} is asked once more. */
    void ended(Report report) throws InterruptedException;

    /** Does this on the reporter's thread when a pause is over. */
    void later(Duration pause, ReporterThread.Work work);
  }

  /** The operations of a child that are not done with, in the order in which they came. */
  private static final class Line {
    private final Map<OperationKey, Turn> turns = new LinkedHashMap<>();
    private Deadline quiet;
    private boolean isTimed;

    private Line(Deadline quiet) {
      this.quiet = quiet;
    }

    private Optional<Turn> first() {
      Iterator<Turn> all = turns.values().iterator();
      return all.hasNext() ? Optional.of(all.next()) : Optional.empty();
    }

    private boolean isTurnOf(Turn turn) {
      return quiet.expired() && first().filter(turn::equals).isPresent();
    }

    private long refusals() {
      return turns.values().stream().filter(turn -> turn.isBrief).count();
    }

    private List<Turn> silent() {
      return turns.values().stream().filter(turn -> !turn.isAnnounced).toList();
    }
  }

  private static final class Turn {
    private final OperationKey key;

    /** Tells who has asked for it by now. */
    private final Supplier<List<Asked>> requests;

    private final Deadline patience;

    /** Whether its end is all there is to say. */
    private final boolean isBrief;

    private boolean isAnnounced;

    /** Until when its first word waits for another who may ask for the same. */
    private Optional<Deadline> lead = Optional.empty();

    /** Until when others wait for its end to arrive, which was told in vain. */
    private Optional<Deadline> arrival = Optional.empty();

    private Optional<Report> end = Optional.empty();

    /** A turn of an operation that is under way. */
    private Turn(OperationKey key, Supplier<List<Asked>> requests, Deadline patience) {
      this.key = key;
      this.requests = requests;
      this.patience = patience;
      this.isBrief = false;
    }

    /** A turn of an end, of which nothing was said yet or all but that. */
    private Turn(Report end, Deadline patience, boolean isAnnounced) {
      this.key = end.key();
      this.requests = () -> end.entry().requests();
      this.patience = patience;
      this.isBrief = true;
      this.isAnnounced = isAnnounced;
    }

    /** Whether its end may be the next word about it. */
    private boolean isIntroduced() {
      return isAnnounced || isBrief;
    }

    private boolean isLeading() {
      return !isIntroduced() && lead.filter(limit -> !limit.expired()).isPresent();
    }

    private void tell(Deadline limit) {
      arrival = arrival.or(() -> Optional.of(limit));
      end = Optional.empty();
    }

    /** Whether nobody takes its end, so that others need not wait for it. */
    private boolean isVain() {
      return arrival.filter(Deadline::expired).isPresent();
    }
  }

  /** The turns of these requesters, whom nobody else speaks to. */
  Announcements(Requesters requesters, MonotonicClock clock, Turns turns) {
    this.requesters = requesters;
    this.pacing = requesters.pacing();
    this.clock = clock;
    this.turns = turns;
  }

  /**
   * An operation has begun, which is announced in its turn.
   *
   * @param requests tells who has asked for it by the time of the call
   */
  void begin(OperationKey key, Supplier<List<Asked>> requests) throws InterruptedException {
    if (pacing.isFree()) {
      requesters.executing(requests.get());
    } else {
      Turn turn = new Turn(key, requests, patience());
      if (requesters.areSeveral() && requests.get().size() == 1) {
        turn.lead = Optional.of(Deadline.after(Requesters.LEAD, clock));
        turns.later(Requesters.LEAD, () -> advance(line(key)));
      }
      enter(turn);
    }
  }

  /**
   * The same of an operation of an earlier process, which may have told the end of another just
   * before it died.
   */
  void resume(OperationKey key, Supplier<List<Asked>> requests) throws InterruptedException {
    if (!pacing.isFree() && !lines.containsKey(key.child())) {
      quieten(line(key));
    }
    begin(key, requests);
  }

  /**
   * Another has asked for an operation: its first word waits for nobody any more, or is said to the
   * other too.
   */
  void join(OperationKey key, List<Asked> requests) throws InterruptedException {
    Optional<Turn> turn = turn(key).filter(its -> !its.isAnnounced);
    if (turn.isPresent()) {
      turn.get().lead = Optional.empty();
      advance(line(key));
    } else {
      requesters.executing(requests);
    }
  }

  /** Says to one who asks for an operation after its end that it is under way; the end follows. */
  void introduce(Request request) throws InterruptedException {
    requesters.executing(List.of(new Asked(request, false)));
  }

  /** A request was refused, of which its end is all there is to say. */
  void refuse(Report end) throws InterruptedException {
    if (!pacing.isFree() && line(end.key()).refusals() < MOST_REFUSALS) {
      enter(new Turn(end, patience(), false));
    }
  }

  /** An operation has ended in an earlier process, which nobody was told for certain. */
  void end(Report end) throws InterruptedException {
    enter(new Turn(end, patience(), true));
  }

  private void enter(Turn turn) throws InterruptedException {
    if (!pacing.isFree()) {
      Line line = line(turn.key);
      line.turns.putIfAbsent(turn.key, turn);
      advance(line);
    }
  }

  private Deadline patience() {
    return Deadline.after(pacing.patience(), clock);
  }

  private Line line(OperationKey key) {
    return lines.computeIfAbsent(
        key.child(), child -> new Line(Deadline.after(Duration.ZERO, clock)));
  }

  private void quieten(Line line) {
    line.quiet = Deadline.after(pacing.pause(), clock);
    turns.later(pacing.pause(), () -> advance(line));
  }

  /** An operation is still under way, which is said once more unless its turn is yet to come. */
  void repeat(OperationKey key, List<Asked> requests) throws InterruptedException {
    if (turn(key).filter(turn -> !turn.isAnnounced).isEmpty()) {
      requesters.executing(requests);
    }
  }

  private Optional<Turn> turn(OperationKey key) {
    return Optional.ofNullable(lines.get(key.child()))
        .flatMap(line -> Optional.ofNullable(line.turns.get(key)));
  }

  /**
   * Whether an end may be told now; if not, that is done in its turn. An end that comes just when a
   * pause is over, before the announcement of that operation, waits for it.
   */
  boolean admits(Report report) {
    Optional<Turn> turn = turn(report.key());
    turn.ifPresent(its -> its.end = Optional.of(its.end.map(report::orLater).orElse(report)));
    return turn.isEmpty() || (turn.get().isIntroduced() && line(report.key()).isTurnOf(turn.get()));
  }

  /** Tells an end; returns whether it has arrived for certain. */
  boolean tell(Report report) throws InterruptedException {
    tells(report.key());
    return requesters.ended(report.entry());
  }

  /**
   * An end is being told, and may arrive: its child is not spoken of for a moment. If it does not
   * arrive, it is told again as any other.
   */
  private void tells(OperationKey key) {
    turn(key).ifPresent(turn -> turn.tell(patience()));
    if (!pacing.isFree()) {
      quieten(line(key));
    }
  }

  /** All have an end. */
  void told(OperationKey key) {
    requesters.forget(key);
    Optional.ofNullable(lines.get(key.child())).ifPresent(line -> line.turns.remove(key));
    tells(key);
  }

  /** Somebody wants to hear an end once more. */
  void reopen(OperationKey key) {
    requesters.forget(key);
  }

  /** Whatever was told may not have arrived. */
  void doubtAll() {
    requesters.doubtAll();
  }

  private void advance(Line line) throws InterruptedException {
    line.turns.values().removeIf(Turn::isVain);
    for (Turn turn : line.silent()) {
      if (turn.patience.expired()) {
        announce(turn);
      }
    }
    if (line.quiet.expired()) {
      Optional<Turn> first = line.first();
      if (first.isEmpty()) {
        lines.values().remove(line);
      } else if (!first.get().isLeading()) {
        speak(first.get());
      }
    }
    time(line);
  }

  private void speak(Turn turn) throws InterruptedException {
    if (!turn.isIntroduced()) {
      announce(turn);
    }
    if (turn.end.isPresent()) {
      turns.ended(turn.end.get());
    }
  }

  private void announce(Turn turn) throws InterruptedException {
    turn.isAnnounced = true;
    requesters.executing(turn.requests.get());
  }

  /** Looks again when the first one that was not spoken of has waited for too long. */
  private void time(Line line) {
    List<Turn> silent = line.silent();
    if (!silent.isEmpty() && !line.isTimed) {
      line.isTimed = true;
      turns.later(
          silent.get(0).patience.remaining(),
          () -> {
            line.isTimed = false;
            advance(line);
          });
    }
  }
}
