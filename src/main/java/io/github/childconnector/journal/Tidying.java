package io.github.childconnector.journal;

import io.github.childconnector.disk.FileTrouble;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * Puts away what earlier versions left among the operations under way, which may be very much, and
 * what a power cut brought back. Each is safe where it is and where it comes, so a process that is
 * killed meanwhile leaves the rest to the next.
 */
final class Tidying {
  /** How many go between two words of it in the log: a few seconds on a small gateway. */
  static final int NEWS = 10_000;

  private static final System.Logger LOG = System.getLogger(Journal.class.getName());

  private final EntryDirectory directory;
  private final Archive archive;
  private int moved;

  Tidying(EntryDirectory directory, Archive archive) {
    this.directory = directory;
    this.archive = archive;
  }

  /** Reads what is yet to be done, and leaves only that in the directory. */
  Journal.Contents run() throws IOException {
    EntryDirectory.Found found;
    int before;
    do {
      // Some file systems pass over names while others go: what was passed over is found again.
      before = moved;
      found = directory.read(this::putAway);
    } while (moved > before);
    if (moved > 0) {
      LOG.log(Level.INFO, "Put away {0} ended operations that lay among the others", moved);
    }
    return found.contents();
  }

  private boolean putAway(Path file, JournalEntry entry) {
    if (!entry.stage().isEnd() || !entry.reported()) {
      return false;
    }
    try {
      archive.take(file, entry);
      moved++;
      if (moved % NEWS == 0) {
        LOG.log(Level.INFO, "Puts away ended operations: {0} so far", moved);
      }
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "An ended operation stays where it is until the next start ({0}) {1}",
          FileTrouble.sentence(e),
          entry.key());
    }
    return true;
  }
}
