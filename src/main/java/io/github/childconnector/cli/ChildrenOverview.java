package io.github.childconnector.cli;

import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import io.github.childconnector.cli.StatusCommand.TextTable;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.update.Child;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The children with their operations, as {@code status} shows them; one operation after the other,
 * since a journal may hold more than memory does.
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
final class ChildrenOverview {
  private static final String[] HEADS = {
    "CHILD", "STAGE", "FIRMWARE", "SINCE", "OPERATION", "REASON"
  };

  private final ConnectorConfig config;
  private final Journal journal;
  private final boolean all;
  private final Map<ChildId, List<Place>> places = new LinkedHashMap<>();
  private final List<String> notShown = new ArrayList<>();

  /** An operation that is not in the archive yet. */
  private record Place(String id, long sequence, boolean isEnd) {
    static final Comparator<Place> IN_ORDER = Comparator.comparingLong(Place::sequence);

    static Place of(JournalEntry entry) {
      return new Place(entry.key().id(), entry.sequence(), entry.stage().isEnd());
    }
  }

  /**
   * Looks what is yet to be done; all is read as it is written.
   *
   * @param all whether every operation is to be shown, or of those that have ended only the last of
   *     each child
   */
  ChildrenOverview(ConnectorConfig config, Journal journal, boolean all) throws IOException {
    this.config = config;
    this.journal = journal;
    this.all = all;
    for (Child child : config.children()) {
      places.put(child.id(), new ArrayList<>());
    }
    Map<ChildId, Place> lastEnded = new LinkedHashMap<>();
    Journal.Contents contents = journal.read(entry -> noteEnded(entry, lastEnded));
    contents.entries().forEach(entry -> theirs(entry.key().child()).add(Place.of(entry)));
    lastEnded.forEach((child, place) -> theirs(child).add(place));
    places.values().forEach(theirs -> theirs.sort(Place.IN_ORDER));
    journal.archive().others(places.keySet()).forEach(child -> places.put(child, List.of()));
    notShown.addAll(contents.damaged());
    notShown.addAll(contents.unreadable());
  }

  /** An earlier version has left them among the others, perhaps more than fit into memory. */
  private void noteEnded(JournalEntry entry, Map<ChildId, Place> last) {
    ChildId child = entry.key().child();
    Place place = Place.of(entry);
    if (all) {
      theirs(child).add(place);
    } else {
      last.merge(child, place, BinaryOperator.maxBy(Place.IN_ORDER));
    }
  }

  /** Writes the operations under way and the last that ended of each child, or all. */
  void writeTable(PrintWriter out) throws IOException {
    TextTable table = new TextTable(HEADS.length);
    table.measure(HEADS);
    int damaged = notShown.size();
    rows(table::measure);
    notShown.subList(damaged, notShown.size()).clear();
    out.print(table.line(HEADS));
    rows(cells -> out.print(table.line(cells)));
    notShown.forEach(name -> out.print("The journal file " + name + " cannot be read.\n"));
  }

  private void rows(Consumer<String[]> row) throws IOException {
    for (ChildId child : places.keySet()) {
      boolean[] isEmpty = {true};
      operations(
          child,
          entry -> {
            isEmpty[0] = false;
            row.accept(cells(entry));
          });
      if (isEmpty[0]) {
        row.accept(new String[] {child.value(), "-"});
      }
    }
  }

  private void operations(ChildId child, Consumer<JournalEntry> each) throws IOException {
    if (all) {
      everyOperation(child, each);
    } else {
      current(child).forEach(each);
    }
  }

  private List<Place> theirs(ChildId child) {
    return places.computeIfAbsent(child, id -> new ArrayList<>());
  }

  /** The operations under way, and the one that ended last. */
  private Collection<JournalEntry> current(ChildId child) throws IOException {
    List<JournalEntry> current = new ArrayList<>();
    List<JournalEntry> ended = new ArrayList<>();
    for (Place place : theirs(child)) {
      entry(child, place).ifPresent((place.isEnd() ? ended : current)::add);
    }
    journal.archive().last(child, entry -> true).ifPresent(ended::add);
    ended.stream().max(Comparator.comparingLong(JournalEntry::sequence)).ifPresent(current::add);
    current.sort(Comparator.comparingLong(JournalEntry::sequence));
    return current;
  }

  /** Reads all operations of a child in the order of acceptance. */
  private void everyOperation(ChildId child, Consumer<JournalEntry> each) throws IOException {
    Deque<Place> waiting = new ArrayDeque<>(theirs(child));
    Set<String> known = waiting.stream().map(Place::id).collect(Collectors.toUnmodifiableSet());
    Consumer<Place> eachPlace = place -> entry(child, place).ifPresent(each);
    List<String> unreadable =
        journal
            .archive()
            .read(
                child,
                entry -> {
                  writeUntil(entry.sequence(), waiting, eachPlace);
                  if (!known.contains(entry.key().id())) {
                    each.accept(entry);
                  }
                });
    writeUntil(Long.MAX_VALUE, waiting, eachPlace);
    notShown.addAll(unreadable);
  }

  private static void writeUntil(long sequence, Deque<Place> waiting, Consumer<Place> each) {
    while (!waiting.isEmpty() && waiting.peek().sequence() < sequence) {
      each.accept(waiting.remove());
    }
  }

  /** The operation as it is now; empty if it was forgotten meanwhile. */
  private Optional<JournalEntry> entry(ChildId child, Place place) {
    try {
      return journal.find(new OperationKey(child, place.id()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String[] cells(JournalEntry entry) {
    String stage = entry.stage().word();
    boolean isWaiting = entry.stage().isEnd() && !entry.reported();
    return new String[] {
      entry.key().child().value(),
      isWaiting ? stage + " (not reported yet)" : stage,
      entry.update().map(update -> update.firmware().toString()).orElse("-"),
      since(entry).map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString()).orElse("-"),
      entry.key().id(),
      reason(entry)
    };
  }

  /**
   * The reason of a failure, or what is to be said of a success; while an interrupted installation
   * is being confirmed, it is not yet known whether it failed.
   */
  private static String reason(JournalEntry entry) {
    String doubt = entry.stage() == Stage.CONFIRMING ? "fails unless confirmed: " : "";
    return entry.failure().map(failure -> doubt + failure.reason()).or(entry::notice).orElse("");
  }

  private static Optional<Instant> since(JournalEntry entry) {
    return entry.history().stream().reduce((older, newer) -> newer).map(JournalEntry.Step::at);
  }

  /** Writes all operations of all children as JSON. */
  void writeJson(PrintWriter out) throws IOException {
    JsonWriter writer = CommonOptions.JSON.newJsonWriter(out);
    writer.beginObject().name("children").beginArray();
    for (ChildId child : places.keySet()) {
      writer.beginObject();
      writer.name("id").value(child.value());
      writer.name("external_id").value(config.externalIds().getOrDefault(child, child).value());
      writer.name("configured").value(config.externalIds().containsKey(child));
      writer.name("operations").beginArray();
      everyOperation(child, entry -> CommonOptions.JSON.toJson(document(entry), writer));
      writer.endArray().endObject();
    }
    writer.endArray().name("damaged").beginArray();
    for (String name : notShown) {
      writer.value(name);
    }
    writer.endArray().endObject();
    out.print("\n");
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
    entry
        .failure()
        .map(Failure::reason)
        .or(entry::notice)
        .ifPresent(why -> document.addProperty("reason", why));
    return document;
  }
}
