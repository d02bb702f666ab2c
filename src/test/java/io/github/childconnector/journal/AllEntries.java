package io.github.childconnector.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** All operations that a journal knows, also those that have ended and were told. */
public final class AllEntries {
  private AllEntries() {}

  /** Reads them in the order of acceptance; fails if one of the ended cannot be read. */
  public static List<JournalEntry> of(Journal journal) throws IOException {
    List<JournalEntry> entries = new ArrayList<>();
    entries.addAll(journal.read(entries::add).entries());
    for (ChildId child : journal.archive().others(List.of())) {
      List<String> unreadable = journal.archive().read(child, entries::add);
      assertThat(unreadable).isEmpty();
    }
    entries.sort(Comparator.comparingLong(JournalEntry::sequence));
    return List.copyOf(entries);
  }
}
