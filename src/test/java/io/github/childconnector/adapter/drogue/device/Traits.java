package io.github.childconnector.adapter.drogue.device;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** How a device is made. What is not set is as good, and as quick, as can be. */
public final class Traits {
  List<Integer> mtus = List.of(512);
  Duration backoff = Duration.ZERO;
  Duration timeout = Duration.ofMillis(500);
  Duration retry = Duration.ofMillis(100);
  Duration poll = Duration.ofMillis(200);
  Duration erasing = Duration.ZERO;
  int writeSize = 4;
  int pages = 8;
  boolean isNamed;
  final Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);

  /** What some devices do, and should not. */
  public enum Flaw {
    /** embedded-update: its next offset is not reset when a version begins anew. */
    UPDATER_KEEPS_OFFSET,
    /** drogue-device: the flash's next offset is not reset when it is erased. */
    MANAGER_KEEPS_OFFSET,
    /** Writes wherever it is told to. */
    TAKES_ANY_OFFSET,
    /** Compares the digest of a swap, which is no flaw, but not what they do. */
    CHECKS_DIGEST,
    /** Reports its progress as "status", as ajour's README has it. */
    SPEAKS_README,
    /** Sends a number that is to be echoed. */
    SENDS_CORRELATION_IDS,
    /** Takes an answer that came after it had given up for the answer to its next status. */
    TAKES_LATE_ANSWERS,
    /** Sends each status twice, or is behind a gateway that does. */
    SAYS_TWICE,
    /** Forgets a swap, and reports the same as before. */
    IGNORES_SWAPS,
    /** Is off between two statuses. */
    SLEEPS
  }

  /** The bytes it takes at a time; one after the other where there are several. */
  public Traits mtu(Integer... bytes) {
    mtus = List.of(bytes);
    return this;
  }

  /** How long it pauses after each block. */
  public Traits backoff(Duration pause) {
    backoff = pause;
    return this;
  }

  /** How long it waits for an answer. */
  public Traits timeout(Duration limit) {
    timeout = limit;
    return this;
  }

  /** How long it pauses before it asks again when it is in sync. */
  public Traits poll(Duration pause) {
    poll = pause;
    return this;
  }

  /** How long it takes to erase its flash. */
  public Traits erasing(Duration time) {
    erasing = time;
    return this;
  }

  /** A block is as long, or a multiple of it. */
  public Traits writeSize(int bytes) {
    writeSize = bytes;
    return this;
  }

  /** How many pages of 512 bytes its images may have. */
  public Traits pages(int count) {
    pages = count;
    return this;
  }

  /** Writes names instead of numbers. */
  public Traits named() {
    isNamed = true;
    return this;
  }

  /** With these flaws too. */
  public Traits with(Flaw... more) {
    flaws.addAll(List.of(more));
    return this;
  }

  boolean has(Flaw flaw) {
    return flaws.contains(flaw);
  }
}
