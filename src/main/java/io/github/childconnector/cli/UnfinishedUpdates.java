package io.github.childconnector.cli;

import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Updates that the next start of the connector takes up, so that nobody else must touch them. */
final class UnfinishedUpdates {
  private UnfinishedUpdates() {}

  /** Refuses to touch a child that has one. */
  static void refuse(ConnectorConfig config, ChildId child) throws IOException, CommandException {
    Optional<JournalEntry> unfinished = find(config, child);
    if (unfinished.isPresent()) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "An update of %s is not at its end (%s, operation %s). Start the connector and let it finish, then stop it and test."
              .formatted(child, unfinished.get().stage().word(), unfinished.get().key().id()));
    }
  }

  private static Optional<JournalEntry> find(ConnectorConfig config, ChildId child)
      throws IOException {
    if (Files.notExists(config.operations())) {
      return Optional.empty();
    }
    // The history is only read, so no time is told.
    Journal journal =
        new Journal(config.operations(), new LocalDisk(), InstantSource.fixed(Instant.EPOCH));
    return journal.read().entries().stream()
        .filter(entry -> entry.key().child().equals(child) && !entry.stage().isEnd())
        .findFirst();
  }
}
