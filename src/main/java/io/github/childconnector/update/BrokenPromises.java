package io.github.childconnector.update;

import io.github.childconnector.journal.Journal;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import java.util.Optional;
import java.util.concurrent.locks.Lock;

/** The images that were not what their requests had promised, beyond the process. */
final class BrokenPromises {
  private final Journal journal;
  private final JournalAccess access;
  private final Lock lock;

  BrokenPromises(Journal journal, JournalAccess access, Lock lock) {
    this.journal = journal;
    this.access = access;
    this.lock = lock;
  }

  /** Remembers which digest an image has instead of the one that was promised. */
  void add(FirmwareUpdate update, Sha256 found) throws InterruptedException {
    boolean unused =
        locked(
            () -> {
              journal.mismatches().add(update.url(), update.knownDigest(), found);
              return true;
            });
  }

  /**
   * The digest with which the file of an update was promised before, when it turned out to have the
   * one that is promised now.
   */
  Optional<Sha256> before(FirmwareUpdate update) throws InterruptedException {
    if (update.digest().isEmpty()) {
      return Optional.empty();
    }
    Sha256 promised = update.digest().get();
    return locked(() -> journal.mismatches().promisedBefore(update.url(), promised));
  }

  private <T> T locked(JournalAccess.Use<T> use) throws InterruptedException {
    return access.insist(
        () -> {
          lock.lock();
          try {
            return use.run();
          } finally {
            lock.unlock();
          }
        });
  }
}
