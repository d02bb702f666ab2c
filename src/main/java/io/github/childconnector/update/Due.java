package io.github.childconnector.update;

import io.github.childconnector.journal.JournalEntry;

/**
 * An end that is to be told.
 *
 * @param entry the operation, unreported
 * @param repetitions how often its request has been sent again since the end was last told
 */
record Due(JournalEntry entry, int repetitions) {

  /** An end of which nobody has asked again. */
  static Due once(JournalEntry entry) {
    return new Due(entry, 0);
  }

  /** This or the other, whichever was asked for last: only its report settles what is owed. */
  Due orLater(Due other) {
    return other.repetitions > repetitions ? other : this;
  }
}
