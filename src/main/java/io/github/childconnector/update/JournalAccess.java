package io.github.childconnector.update;

import io.github.childconnector.clock.Backoff;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.FileTrouble;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * The use of the journal by those who cannot go on without it: one that fails (a full disk, mostly)
 * is tried again until it does not.
 */
public final class JournalAccess {
  private static final System.Logger LOG = System.getLogger(JournalAccess.class.getName());
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Path directory;
  private final MonotonicClock clock;
  private volatile Optional<String> trouble = Optional.empty();
  private volatile Consumer<Optional<String>> listener = unused -> {};

  /** Access to the journal in this directory. */
  public JournalAccess(Path directory, MonotonicClock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /** Something that is read or written. */
  public interface Use<T> {
    T run() throws IOException;
  }

  /** Tells this one from now on what is wrong with the journal, or that nothing is any more. */
  void watch(Consumer<Optional<String>> watcher) {
    listener = watcher;
  }

  public <T> T insist(Use<T> use) throws InterruptedException {
    return insist(use, isHeld -> {});
  }

  /**
   * Tries until it succeeds.
   *
   * @param held is told whether it takes longer than it should
   */
  <T> T insist(Use<T> use, Consumer<Boolean> held) throws InterruptedException {
    Backoff pauses =
        new Backoff(FIRST_PAUSE, LONGEST_PAUSE, new SplittableRandom(clock.nanoTime()));
    while (true) {
      try {
        T result = use.run();
        held.accept(false);
        note(Optional.empty());
        return result;
      } catch (IOException e) {
        held.accept(true);
        note(Optional.of(FileTrouble.sentence(e)));
        LOG.log(
            Level.ERROR,
            "The journal cannot be used, and updates wait for it: "
                + FileTrouble.sentence(e)
                + (FileTrouble.isShortOfDescriptors(e) ? "" : makeRoom()));
        clock.sleep(pauses.next());
      }
    }
  }

  private void note(Optional<String> now) {
    if (!now.equals(trouble)) {
      trouble = now;
      listener.accept(now);
    }
  }

  private String makeRoom() {
    return ". Make room on the disk of "
        + directory
        + " (bytes and inodes), and make that directory readable and writable";
  }
}
