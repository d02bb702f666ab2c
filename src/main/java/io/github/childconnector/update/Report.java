package io.github.childconnector.update;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.OperationKey;
import java.util.EnumSet;
import java.util.Set;

/**
 * The report that is due of one operation, and how far its telling is.
 *
 * @param entry the operation; unreported, as it is to be told
 * @param repetitions how often its request has been sent again since its end was last told
 */
record Report(State state, JournalEntry entry, int repetitions) {

  /**
   * How far the telling of an operation is, as a table: which states may follow, whether the last
   * telling has to settle before the next, whether its end is still owed to the sink, and whether
   * the journal has yet to note it as reported.
   *
   * <pre>
   * state      may be followed by               settling  owed  to note
   * quiet      announced, owed, waiting         no        no    no
   * announced  quiet, owed, waiting             no        no    no
   * owed       owed, doubtful, waiting, told    no        yes   no
   * doubtful   owed, waiting                    yes       yes   no
   * waiting    owed, waiting                    yes       yes   no
   * told       waiting, fresh, unnoted          yes       no    yes
   * fresh      quiet, waiting                   yes       no    no
   * unnoted    quiet, owed                      no        no    yes
   * </pre>
   */
  enum State {
    /** Nothing is to be told; such a report is not kept. */
    QUIET(false, false, false),
    /** The operation is under way, which will be told in its turn. */
    ANNOUNCED(false, false, false),
    /** The end is being told, or was told in vain; the next retry tells it. */
    OWED(false, true, false),
    /** The end was told a moment ago, and may have arrived or not. */
    DOUBTFUL(true, true, false),
    /** The end will be told, once more perhaps, as soon as the last telling has settled. */
    WAITING(true, true, false),
    /** The sink has the end but may lose it yet; the journal has not noted that. */
    TOLD(true, false, true),
    /** The sink has the end but may lose it yet; the journal has noted that. */
    FRESH(true, false, false),
    /** The sink has the end for good; the journal has not noted that. */
    UNNOTED(false, false, true);

    private final boolean settling;
    private final boolean owed;
    private final boolean toNote;

    State(boolean settling, boolean owed, boolean toNote) {
      this.settling = settling;
      this.owed = owed;
      this.toNote = toNote;
    }

    /** The states that may follow this one. */
    Set<State> followers() {
      return switch (this) {
        case QUIET -> EnumSet.of(ANNOUNCED, OWED, WAITING);
        case ANNOUNCED -> EnumSet.of(QUIET, OWED, WAITING);
        case OWED -> EnumSet.of(OWED, DOUBTFUL, WAITING, TOLD);
        case DOUBTFUL, WAITING -> EnumSet.of(OWED, WAITING);
        case TOLD -> EnumSet.of(WAITING, FRESH, UNNOTED);
        case FRESH -> EnumSet.of(QUIET, WAITING);
        case UNNOTED -> EnumSet.of(QUIET, OWED);
      };
    }

    /** Whether the end must not be told now, because it was told a moment ago. */
    boolean isSettling() {
      return settling;
    }

    /** Whether the end is still to be told. */
    boolean isOwed() {
      return owed;
    }

    /** Whether the sink has the end, and the journal does not say so. */
    boolean isToNote() {
      return toNote;
    }

    /** Whether the sink has the end since so lately that it may not have passed it on. */
    boolean isFresh() {
      return settling && !owed;
    }
  }

  /** Returns the report of an end of which nobody has asked again. */
  static Report of(JournalEntry ended) {
    return new Report(State.OWED, ended, 0);
  }

  OperationKey key() {
    return entry.key();
  }

  /** Returns this report in another state. */
  Report in(State other) {
    return new Report(other, entry, repetitions);
  }

  /** The one whose end was asked for last: only its telling settles what is owed. */
  Report orLater(Report other) {
    return other.repetitions > repetitions ? other : this;
  }
}
