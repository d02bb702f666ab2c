package io.github.childconnector.update;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the operation that a request means although it came by another way, under another id:
 * thin-edge's plugin and its mapper both pass on one operation of the cloud, in either order,
 * minutes apart if one of them was down or has to download first.
 *
 * <p>The same child, firmware and file are one operation, unless the latest such one was asked for
 * in this way before: then somebody has sent it again.
 */
final class Matches {
  /** The most ends that are remembered; of older ones the age is not known. */
  static final int MOST = 1000;

  private final Requesters requesters;
  private final Recorder recorder;
  private final MonotonicClock clock;
  private final long began;

  /** The operations that have ended in this process, or were left untold by an earlier one. */
  private final Map<OperationKey, End> latest = new LinkedHashMap<>();

  /**
   * An end.
   *
   * @param source which file it was about
   * @param at when it came, by the monotonic clock; where an earlier process saw it, when this one
   *     began
   */
  private record End(String source, long at) {}

  Matches(Requesters requesters, Recorder recorder, MonotonicClock clock) {
    this.requesters = requesters;
    this.recorder = recorder;
    this.clock = clock;
    this.began = clock.nanoTime();
  }

  /** Whether an operation may come by more than one way. */
  boolean areLikely() {
    return requesters.areSeveral();
  }

  /** Takes note that an operation has ended, or had when this process began. */
  synchronized void ended(JournalEntry entry) {
    if (entry.update().isPresent()) {
      latest.put(entry.key(), new End(entry.update().get().source(), clock.nanoTime()));
      if (latest.size() > MOST) {
        latest.remove(latest.keySet().iterator().next());
      }
    }
  }

  /** The operation under way that a request means. */
  Optional<Operation> underWay(Collection<Operation> all, String requester, FirmwareUpdate update)
      throws InterruptedException {
    for (Operation operation : all) {
      boolean mayBe =
          operation.child().id().equals(update.key().child())
              && operation.update().source().equals(update.source())
              && !operation.entry().isAskedBy(requester);
      if (mayBe && isSame(operation.key(), update)) {
        return Optional.of(operation);
      }
    }
    return Optional.empty();
  }

  private boolean isSame(OperationKey key, FirmwareUpdate update) throws InterruptedException {
    return recorder.known(key).flatMap(JournalEntry::update).filter(update::isSame).isPresent();
  }

  /** The operation that a new request means and that has ended, if it is not too long ago. */
  Optional<JournalEntry> ended(Request request, FirmwareUpdate update) throws InterruptedException {
    return ended(request, update, requesters.pairing(request.requester()));
  }

  /** The operation that a request means, however long ago it has ended. */
  Optional<JournalEntry> earlier(Request request, FirmwareUpdate update)
      throws InterruptedException {
    return ended(request, update, Requester.ANY_TIME);
  }

  private Optional<JournalEntry> ended(Request request, FirmwareUpdate update, Duration limit)
      throws InterruptedException {
    for (Map.Entry<OperationKey, End> end : latestFirst()) {
      if (end.getKey().child().equals(update.key().child())
          && end.getValue().source.equals(update.source())
          && isSame(end.getKey(), update)) {
        return recorder
            .known(end.getKey())
            .filter(entry -> isWithin(limit, end.getValue().at) && isMeant(entry, request));
      }
    }
    return isWithin(limit, began)
        ? recorder.lastSame(update).filter(entry -> isMeant(entry, request))
        : Optional.empty();
  }

  private synchronized List<Map.Entry<OperationKey, End>> latestFirst() {
    List<Map.Entry<OperationKey, End>> ends = new ArrayList<>(latest.entrySet());
    Collections.reverse(ends);
    return ends;
  }

  private boolean isWithin(Duration limit, long since) {
    return clock.nanoTime() - since <= limit.toNanos();
  }

  private static boolean isMeant(JournalEntry entry, Request request) {
    return entry.isAskedBy(request) || !entry.isAskedBy(request.requester());
  }
}
