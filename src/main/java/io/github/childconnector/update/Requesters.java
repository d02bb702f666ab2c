package io.github.childconnector.update;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.journal.JournalEntry.Asked;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Request;
import io.github.childconnector.update.Requester.Pacing;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All requesters, as one to be spoken to: whoever asked for an operation is told of it, in the
 * order of the list, because the one who tells operations apart by their ids must have the last
 * word. Told by the reporter's thread alone.
 */
final class Requesters {
  /**
   * How long the first word about an operation waits where another requester may ask for it too:
   * thin-edge's plugin and its mapper were seen to follow each other within 150 ms.
   */
  static final Duration LEAD = Duration.ofMillis(500);

  private final List<Requester> inOrder;

  /** The requests of ends that not everybody has yet, whose requesters have them. */
  private final Map<OperationKey, Set<Request>> taken = new HashMap<>();

  Requesters(List<Requester> inOrder) {
    this.inOrder = List.copyOf(inOrder);
  }

  /** The pace that suits all of them. */
  Pacing pacing() {
    List<Pacing> paced =
        inOrder.stream().map(Requester::pacing).filter(pacing -> !pacing.isFree()).toList();
    Optional<Duration> pause = paced.stream().map(Pacing::pause).max(Comparator.naturalOrder());
    Optional<Duration> patience =
        paced.stream().map(Pacing::patience).min(Comparator.naturalOrder());
    return pause.isEmpty() ? Pacing.FREE : new Pacing(pause.get(), patience.orElseThrow());
  }

  /** How long the first word about an operation waits for whoever else may ask for it. */
  Duration lead() {
    return areSeveral() ? LEAD : Duration.ZERO;
  }

  /** Whether an operation may come by more than one way. */
  boolean areSeveral() {
    return inOrder.size() > 1;
  }

  /** How long after its end an operation may be what a request of a requester means. */
  Duration pairing(String requester) {
    return inOrder.stream()
        .filter(each -> each.name().equals(requester))
        .findFirst()
        .map(Requester::pairing)
        .orElse(Duration.ZERO);
  }

  /** Tells those who asked that their operation is under way. */
  void executing(List<Asked> requests) throws InterruptedException {
    for (Requester requester : inOrder) {
      for (Request request : requests(requester, requests)) {
        boolean unused = requester.executing(request.key());
      }
    }
  }

  /**
   * Tells those who asked, and have not been told, how their operation has ended; returns whether
   * all of them have it for certain. A call after one that was in vain tells the rest.
   */
  boolean ended(JournalEntry entry) throws InterruptedException {
    Outcome outcome = entry.outcome().orElseThrow();
    boolean isCertain = true;
    for (Requester requester : inOrder) {
      for (Request request : untold(requester, entry.requests())) {
        boolean isTaken = hasTaken(entry.key(), request);
        isCertain &= isTaken || tell(requester, entry.key(), request, outcome);
      }
    }
    return isCertain;
  }

  private boolean hasTaken(OperationKey operation, Request request) {
    return taken.getOrDefault(operation, Set.of()).contains(request);
  }

  private boolean tell(
      Requester requester, OperationKey operation, Request request, Outcome outcome)
      throws InterruptedException {
    boolean isTaken = requester.ended(request.key(), outcome);
    if (isTaken) {
      taken.computeIfAbsent(operation, unused -> new HashSet<>()).add(request);
    }
    return isTaken;
  }

  /** An end is told for good. */
  void forget(OperationKey operation) {
    taken.remove(operation);
  }

  /** Whatever was taken up to now may be lost. */
  void doubtAll() {
    taken.clear();
  }

  private static List<Request> requests(Requester requester, List<Asked> requests) {
    return requests.stream()
        .map(Asked::request)
        .filter(request -> Set.of(requester.name(), Request.ANYBODY).contains(request.requester()))
        .toList();
  }

  private static List<Request> untold(Requester requester, List<Asked> requests) {
    return requests(requester, requests.stream().filter(asked -> !asked.isTold()).toList());
  }
}
