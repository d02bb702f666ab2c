package io.github.childconnector.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.update.Child;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code status}: the children and their operations, read from the state directory. */
@Command(
    name = "status",
    description = {
      "Shows each child with its operations under way and the last that ended. Reads what the"
          + " connector keeps in storage.directory; the connector need not run."
    })
public final class StatusCommand implements Callable<Integer> {
  private final ConfigLoader loader;

  @Mixin private final CommonOptions common = new CommonOptions();

  @Option(names = "--all", description = "Shows every operation that is remembered.")
  private boolean all;

  @Option(names = "--json", description = "Writes JSON, with every operation that is remembered.")
  private boolean json;

  public StatusCommand(ConfigLoader loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() throws CommandException, ConfigurationException {
    ConnectorConfig config = loader.load(common.config());
    ChildrenOverview overview = new ChildrenOverview(config, contents(config.operations()));
    common.out().print(json ? overview.json() : overview.table(all));
    common.out().flush();
    return ExitCode.OK;
  }

  private static Journal.Contents contents(Path directory) throws CommandException {
    if (Files.notExists(directory)) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          directory + " is not there: the connector has not run yet with this storage.directory.");
    }
    try {
      return new Journal(directory, new LocalDisk(), InstantSource.system()).read();
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "%s cannot be read (%s). Run this as root or as the connector's user."
              .formatted(
                  directory,
                  e instanceof AccessDeniedException ? "permission denied" : e.getMessage()));
    }
  }

  /**
   * The children with their operations, as {@code status} shows them.
   *
   * <pre>
   * CHILD  STAGE       FIRMWARE       SINCE                 OPERATION              REASON
   * plc-1  installing  OpenWRT 22.03  2026-11-20T15:04:05Z  tLrLthPXksKbqRqIsrDmy
   * plc-2  -
   * </pre>
   *
   * <pre>{@code
   * {"children": [{"id": "plc-1", "external_id": "gw:device:plc-1", "configured": true, "operations": [
   *   {"id": "tLrLthPXksKbqRqIsrDmy", "stage": "failed", "status": "failed", "reported": true,
   *    "name": "OpenWRT", "version": "22.03", "since": "2026-11-20T15:04:05.678Z",
   *    "reason": "digest-mismatch: …"}]}], "damaged": []}
   * }</pre>
   */
  private static final class ChildrenOverview {
    private final ConnectorConfig config;
    private final Journal.Contents contents;
    private final Map<ChildId, List<JournalEntry>> operations = new LinkedHashMap<>();

    ChildrenOverview(ConnectorConfig config, Journal.Contents contents) {
      this.config = config;
      this.contents = contents;
      for (Child child : config.children()) {
        operations.put(child.id(), new ArrayList<>());
      }
      for (JournalEntry entry : contents.entries()) {
        operations.computeIfAbsent(entry.key().child(), id -> new ArrayList<>()).add(entry);
      }
    }

    String table(boolean all) {
      TextTable table = new TextTable("CHILD", "STAGE", "FIRMWARE", "SINCE", "OPERATION", "REASON");
      operations.forEach(
          (child, entries) -> {
            List<JournalEntry> shown = all ? entries : current(entries);
            if (shown.isEmpty()) {
              table.add(child.value(), "-");
            }
            shown.forEach(entry -> addTo(table, entry));
          });
      return table + damage();
    }

    /** The operations under way, and the one that ended last. */
    private static List<JournalEntry> current(List<JournalEntry> entries) {
      Optional<JournalEntry> last =
          entries.stream().filter(entry -> entry.stage().isEnd()).reduce((older, newer) -> newer);
      return entries.stream()
          .filter(entry -> !entry.stage().isEnd() || last.equals(Optional.of(entry)))
          .toList();
    }

    private static void addTo(TextTable table, JournalEntry entry) {
      String stage = entry.stage().word();
      boolean isWaiting = entry.stage().isEnd() && !entry.reported();
      table.add(
          entry.key().child().value(),
          isWaiting ? stage + " (not reported yet)" : stage,
          entry.update().map(update -> update.firmware().toString()).orElse("-"),
          since(entry).map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("-"),
          entry.key().id(),
          reason(entry));
    }

    /**
     * The reason of a failure; while an interrupted installation is being confirmed, it is not yet
     * known whether it failed.
     */
    private static String reason(JournalEntry entry) {
      String doubt = entry.stage() == Stage.CONFIRMING ? "fails unless confirmed: " : "";
      return entry.failure().map(failure -> doubt + failure.reason()).orElse("");
    }

    private static Optional<Instant> since(JournalEntry entry) {
      return entry.history().stream().reduce((older, newer) -> newer).map(JournalEntry.Step::at);
    }

    private String damage() {
      return notShown().stream()
          .map(name -> "The journal file " + name + " cannot be read.\n")
          .collect(Collectors.joining());
    }

    private List<String> notShown() {
      return Stream.concat(contents.damaged().stream(), contents.unreadable().stream()).toList();
    }

    String json() {
      JsonArray children = new JsonArray();
      operations.forEach((child, entries) -> children.add(document(child, entries)));
      JsonObject document = new JsonObject();
      document.add("children", children);
      document.add("damaged", CommonOptions.JSON.toJsonTree(notShown()));
      return CommonOptions.JSON.toJson(document) + "\n";
    }

    private JsonObject document(ChildId child, List<JournalEntry> entries) {
      JsonArray list = new JsonArray();
      entries.forEach(entry -> list.add(document(entry)));
      JsonObject document = new JsonObject();
      document.addProperty("id", child.value());
      document.addProperty("external_id", config.externalIds().getOrDefault(child, child).value());
      document.addProperty("configured", config.externalIds().containsKey(child));
      document.add("operations", list);
      return document;
    }

    private static JsonObject document(JournalEntry entry) {
      JsonObject document = new JsonObject();
      document.addProperty("id", entry.key().id());
      document.addProperty("stage", entry.stage().word());
      document.addProperty("status", entry.stage().status().word());
      document.addProperty("reported", entry.reported());
      Optional<Firmware> firmware = entry.update().map(FirmwareUpdate::firmware);
      firmware.ifPresent(
          known -> {
            document.addProperty("name", known.name());
            document.addProperty("version", known.version());
          });
      since(entry).ifPresent(at -> document.addProperty("since", at.toString()));
      entry.failure().ifPresent(why -> document.addProperty("reason", why.reason()));
      return document;
    }
  }

  /**
   * Rows of texts in columns as wide as their widest text. Texts come from devices and requesters:
   * picocli's table takes {@code @|bold …|@} in them for markup, takes a character of two units for
   * two, and wants to be told how wide its columns are.
   */
  static final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... heads) {
      add(heads);
    }

    /** Adds a row, which may be shorter than the first. */
    void add(String... cells) {
      rows.add(List.of(cells));
    }

    private int width(int column) {
      return rows.stream()
          .filter(row -> row.size() > column)
          .mapToInt(row -> length(row.get(column)))
          .max()
          .orElse(0);
    }

    private static int length(String text) {
      return text.codePointCount(0, text.length());
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      for (List<String> row : rows) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
          String cell = row.get(column);
          line.append(cell).append(" ".repeat(width(column) - length(cell))).append(GAP);
        }
        text.append(line.toString().stripTrailing()).append('\n');
      }
      return text.toString();
    }
  }
}
