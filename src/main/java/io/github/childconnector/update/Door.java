package io.github.childconnector.update;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Request;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * Tells a new request from one that is known, and answers the latter. Requests come in by one
 * thread at a time; operations may end meanwhile.
 */
final class Door {
  private static final System.Logger LOG = System.getLogger(Door.class.getName());

  private final Recorder recorder;
  private final Reporter reporter;
  private final Matches matches;
  private final UnderWay underWay;

  Door(Ports ports, Recorder recorder, Reporter reporter, UnderWay underWay) {
    this.recorder = recorder;
    this.reporter = reporter;
    this.underWay = underWay;
    this.matches = new Matches(new Requesters(ports.requesters()), recorder, ports.clock());
  }

  /** Takes note that an operation has ended, or had when this process began. */
  void ended(JournalEntry entry) {
    matches.ended(entry);
  }

  /** Answers a request that is known; returns whether it is. */
  boolean isAnswered(Request request) throws InterruptedException {
    Optional<Operation> operation = underWay.askedBy(request.key());
    if (operation.isPresent()) {
      LOG.log(Level.INFO, "The request was sent again and is under way {0}", request.key());
      reporter.executing(operation.get());
      return true;
    }
    // What cannot be read may have been carried out, so it is known.
    Recorder.Known known = recorder.lookUp(request.key(), request);
    known
        .end()
        .ifPresent(
            end -> {
              LOG.log(
                  Level.INFO, "The request was sent again and is answered again {0}", end.key());
              reporter.endedEarlier(end);
            });
    return known.isKnown();
  }

  /** Answers a request as another one that means the same operation; returns whether there is. */
  boolean isJoined(String requester, FirmwareUpdate update) throws InterruptedException {
    Request request = new Request(requester, update.key());
    if (!matches.areLikely()) {
      return false;
    }
    if (isJoinedUnderWay(request, update)) {
      return true;
    }
    Optional<JournalEntry> ended = matches.ended(request, update);
    if (update.isForced() || ended.isEmpty()) {
      return false;
    }
    reporter.introduce(request);
    return isJoinedTo(ended, request);
  }

  private boolean isJoinedUnderWay(Request request, FirmwareUpdate update)
      throws InterruptedException {
    Optional<Operation> same = matches.underWay(underWay.all(), request.requester(), update);
    if (same.isPresent() && recorder.join(same.get(), request)) {
      underWay.join(same.get(), request.key());
      LOG.log(Level.INFO, "Asked for by {0} too {1}", request, same.get().key());
      reporter.joined(same.get());
      return true;
    }
    return false;
  }

  /**
   * The same of a request that may be old, with an operation that may have ended long ago; of that
   * nothing but the end is said.
   */
  boolean isJoinedLate(String requester, FirmwareUpdate update) throws InterruptedException {
    Request request = new Request(requester, update.key());
    return isJoinedUnderWay(request, update)
        || isJoinedTo(matches.earlier(request, update), request);
  }

  private boolean isJoinedTo(Optional<JournalEntry> ended, Request request)
      throws InterruptedException {
    Optional<Report> end =
        ended.isPresent() ? recorder.lookUp(ended.get().key(), request).end() : Optional.empty();
    end.ifPresent(
        report -> {
          LOG.log(Level.INFO, "Asked for by {0} after its end {1}", request, report.key());
          reporter.endedEarlier(report);
        });
    return end.isPresent();
  }

  /** Answers a request with a failure, and with it an operation that it had left unfinished. */
  void answer(Request request, Failure why) throws InterruptedException {
    Optional<JournalEntry> left = recorder.unfinished(request.key());
    JournalEntry entry =
        left.isPresent()
            ? recorder.giveUp(left.get(), Abandonment.failure(left.get(), why))
            : recorder.refuse(request, why);
    EventLog.entered(entry);
    reporter.refused(Report.of(entry));
  }
}
