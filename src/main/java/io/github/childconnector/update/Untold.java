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
   * How many ends may wait for a receiver that does not take them, as where the broker's ACL
   * forbids it: more than come together while a broker is away, and little enough for the memory.
   */
  static final int MAX = 1000;

  private static final System.Logger LOG = System.getLogger(Untold.class.getName());

  private final Map<OperationKey, Report> ends = new LinkedHashMap<>();
  private boolean hasGivenUp;

  /**
   * Adds an end.
   *
   * @param mayGo whether an end can be given up at this moment
   * @return the one to give up where they are too many: the oldest, refusals first
   */
  Optional<Report> add(Report report, Predicate<Report> mayGo) {
    ends.putIfAbsent(report.key(), report);
    if (ends.size() <= MAX) {
      return Optional.empty();
    }
    Optional<Report> oldest =
        ends.values().stream()
            .filter(mayGo)
            .min(Comparator.comparing(owed -> !owed.entry().isRefusal()));
    oldest.ifPresent(this::giveUp);
    return oldest;
  }

  private void giveUp(Report report) {
    ends.remove(report.key());
    LOG.log(
        hasGivenUp ? Level.DEBUG : Level.ERROR,
        "More than {0} ends could not be reported, and the oldest are given up from here on; may"
            + " this connector publish its statuses (the broker''s ACL)? {1}",
        Integer.toString(MAX),
        report.key());
    hasGivenUp = true;
  }

  /** The receiver has an end. */
  void remove(OperationKey key) {
    ends.remove(key);
    hasGivenUp &= !ends.isEmpty();
  }
}
