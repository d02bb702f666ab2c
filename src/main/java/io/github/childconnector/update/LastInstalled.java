package io.github.childconnector.update;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The firmware that each child was last updated to, as far as that is remembered: a version alone
 * does not tell a rebuilt image, or another product, from what the device runs.
 */
final class LastInstalled {
  private final Map<ChildId, Installed> latest = new ConcurrentHashMap<>();
  private final Set<ChildId> complete = ConcurrentHashMap.newKeySet();

  /**
   * A firmware that a child was seen to run, or was given.
   *
   * @param sequence when, in the order of acceptance
   * @param digest of its image; empty where it was neither promised nor fetched
   */
  record Installed(long sequence, Firmware firmware, Optional<Sha256> digest, String source) {
    private static Installed of(long sequence, FirmwareUpdate update) {
      return new Installed(sequence, update.firmware(), update.digest(), update.source());
    }

    private Installed orLater(Installed other) {
      return other.sequence > sequence ? other : this;
    }

    /** Whether an update would bring the same once more. */
    boolean isSame(FirmwareUpdate update) {
      boolean isSameFile =
          (digest.isPresent() && update.digest().isPresent())
              ? digest.equals(update.digest())
              : source.equals(update.source());
      return isSameFile && firmware.name().equals(update.firmware().name());
    }

    /** Returns it as people are told of it. */
    @Override
    public String toString() {
      return firmware + digest.map(known -> " with the SHA-256 " + known).orElse("");
    }
  }

  /** Takes note of an operation, if it was successful. */
  void note(JournalEntry entry) {
    if (entry.stage() == Stage.SUCCESSFUL) {
      entry
          .update()
          .map(update -> Installed.of(entry.sequence(), update))
          .ifPresent(last -> latest.merge(entry.key().child(), last, Installed::orLater));
    }
  }

  /** Whether all is known of a child that there is to know. */
  boolean isComplete(ChildId child) {
    return complete.contains(child);
  }

  /** Takes note of the last success that the journal remembers of a child. */
  void complete(ChildId child, Optional<JournalEntry> remembered) {
    remembered.ifPresent(this::note);
    complete.add(child);
  }

  /** The last firmware of a child; empty where none is known. */
  Optional<Installed> of(ChildId child) {
    return Optional.ofNullable(latest.get(child));
  }
}
