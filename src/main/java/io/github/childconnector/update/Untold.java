package io.github.childconnector.update;

import io.github.childconnector.operation.OperationKey;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The ends that were to be told and are not yet, and the bound on them. Used by the reporter's
 * thread alone.
 */
final class Untold {
  /**
   * How many ends may wait for their turn, or for a receiver that does not take them, as where the
   * broker's ACL forbids it: more than come together while a broker is away, and little enough for
   * the memory. What is more is told out of turn, and given up only where nobody takes it.
   */
  static final int MAX = 1000;

  private static final System.Logger LOG = System.getLogger(Untold.class.getName());

  private final Map<OperationKey, Report> ends = new LinkedHashMap<>();
  private boolean hasGivenUp;

  /** Adds an end, or the later report of one that is there. */
  void add(Report report) {
    ends.merge(report.key(), report, (known, later) -> later.orLater(known));
  }

  /**
   * The end to be done with where they are too many: the oldest, refusals first.
   *
   * @param mayGo whether one can be told at this moment
   */
  Optional<Report> surplus(Predicate<Report> mayGo) {
    return ends.size() <= MAX
        ? Optional.empty()
        : ends.values().stream()
            .filter(mayGo)
            .min(Comparator.comparing(owed -> !owed.entry().isRefusal()));
  }

  /** Keeps an end no longer, although the receiver does not have it, and says so. */
  void giveUp(Report report) {
    LOG.log(
        hasGivenUp ? Level.DEBUG : Level.ERROR,
        "More than {0} ends could not be reported, and the oldest are given up from here on; may"
            + " this connector publish its statuses (the broker''s ACL)? {1}",
        Integer.toString(MAX),
        report.key());
    hasGivenUp = true;
    ends.remove(report.key());
  }

  /** The receiver has an end. */
  void remove(OperationKey key) {
    ends.remove(key);
    hasGivenUp &= !ends.isEmpty();
  }
}
