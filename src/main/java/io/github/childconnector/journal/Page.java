package io.github.childconnector.journal;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The first files of many in an order of their names, no more than fit onto it; the others are
 * passed over. What lies behind is on the {@link #next} page, for which all are handed over again.
 */
final class Page {
  private static final Comparator<Path> OLDEST_FIRST =
      Comparator.comparing((Path file) -> file.getFileName().toString())
          .thenComparing(Comparator.naturalOrder());

  private final Comparator<Path> order;
  private final Optional<Path> begin;
  private final int size;
  private final NavigableSet<Path> files;
  private boolean isOverfull;

  private Page(Comparator<Path> order, Optional<Path> begin, int size) {
    this.order = order;
    this.begin = begin;
    this.size = size;
    this.files = new TreeSet<>(order);
  }

  /** The files that were accepted first. */
  static Page oldest(int size) {
    return new Page(OLDEST_FIRST, Optional.empty(), size);
  }

  /** The files that were accepted last, the latest first. */
  static Page newest(int size) {
    return new Page(OLDEST_FIRST.reversed(), Optional.empty(), size);
  }

  /** The page behind this one, empty yet. */
  Page next() {
    return new Page(order, last().or(() -> begin), size);
  }

  /** Takes a file if it belongs onto this page; returns true, so that the next is handed over. */
  boolean add(Path file) {
    if (begin.isPresent() && order.compare(file, begin.get()) <= 0) {
      return true;
    }
    if (isFull()) {
      isOverfull = true;
      if (isBehind(file)) {
        return true;
      }
      files.pollLast();
    }
    files.add(file);
    return true;
  }

  /** Whether as many are here as fit. */
  boolean isFull() {
    return files.size() >= size;
  }

  /** Whether there were more than fit. */
  boolean isOverfull() {
    return isOverfull;
  }

  /** Whether a file would be behind the last of this page. */
  boolean isBehind(Path file) {
    return size == 0 || last().filter(last -> order.compare(file, last) > 0).isPresent();
  }

  /** The last file of this page. */
  Optional<Path> last() {
    return files.isEmpty() ? Optional.empty() : Optional.of(files.last());
  }

  /** The files of this page in their order. */
  List<Path> files() {
    return List.copyOf(files);
  }
}
