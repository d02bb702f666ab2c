package io.github.childconnector.journal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import io.github.childconnector.journal.Effort.Limit;
import io.github.childconnector.journal.JournalEntry.Asked;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The journal's file format: one JSON object in UTF-8, of schema {@value #SCHEMA}. Stages and
 * failure codes are written as words, never as numbers.
 *
 * <pre>{@code
 * {
 *   "schema": 1, "child": "plc-1", "id": "tLrLthPXksKbqRqIsrDmy", "sequence": 7,
 *   "request": {"name": "OpenWRT", "version": "22.03", "sha256": "c036…7e29", "url": "http://…"},
 *   "stage": "failed",
 *   "failure": {"code": "not-confirmed", "sentence": "The device was not seen to run 22.03 …"},
 *   "requests": [{"requester": "legacy", "id": "tLrLthPXksKbqRqIsrDmy", "told": false}],
 *   "interruptions": 0,
 *   "history": [{"stage": "queued", "at": "2026-11-20T15:04:05.123Z"}, …]
 * }
 * }</pre>
 *
 * <p>A request that was forced has {@code "force": true} besides, one without a promised digest no
 * {@code "sha256"} until its image was fetched, one of which the URL does not tell the {@code
 * "source"} has that too, and an operation that has worked within a limit how long it has, for
 * example {@code "elapsed": {"install": "PT12M", "confirm": "PT0.5S"}}. A file is named by its
 * operation's id, then 16 hexadecimal digits of its child's digest, because two children may have
 * operations of one id and a child's name may hold what a file's may not. Sample: {@code
 * tLrLthPXksKbqRqIsrDmy.3d5f0d4c9be3a1f2.json}.
 */
final class EntryFormat {
  static final int SCHEMA = 1;
  private static final String FORCE = "force";
  private static final String DIGEST = "sha256";
  private static final String SOURCE = "source";
  private static final String REQUESTS = "requests";
  private static final String ELAPSED = "elapsed";
  private static final Pattern NAME = Pattern.compile("(.+)(\\.[0-9a-f]{16}\\.json)");
  private static final Gson GSON =
      new GsonBuilder()
          .setStrictness(Strictness.STRICT)
          .disableHtmlEscaping()
          .setPrettyPrinting()
          .create();

  private EntryFormat() {}

  static String name(OperationKey key) {
    return key.id() + suffix(key.child());
  }

  /** The end of the names of all operations of a child. */
  static String suffix(ChildId child) {
    return "." + child.digits() + ".json";
  }

  /** The operation to which a file of this name belongs, if its child is among those. */
  static Optional<OperationKey> key(String name, Collection<ChildId> children) {
    Matcher form = NAME.matcher(name);
    if (!form.matches() || !OperationKey.isValidId(form.group(1))) {
      return Optional.empty();
    }
    return children.stream()
        .filter(child -> suffix(child).equals(form.group(2)))
        .map(child -> new OperationKey(child, form.group(1)))
        .findFirst();
  }

  static byte[] write(JournalEntry entry) {
    JsonObject file = new JsonObject();
    file.addProperty("schema", SCHEMA);
    file.addProperty("child", entry.key().child().value());
    file.addProperty("id", entry.key().id());
    file.addProperty("sequence", entry.sequence());
    entry.update().ifPresent(update -> file.add("request", request(update)));
    file.addProperty("stage", entry.stage().word());
    entry.failure().ifPresent(failure -> file.add("failure", failure(failure)));
    file.add(REQUESTS, requests(entry));
    file.addProperty("interruptions", entry.effort().interruptions());
    if (!entry.effort().times().isEmpty()) {
      file.add(ELAPSED, elapsed(entry.effort()));
    }
    JsonArray history = new JsonArray();
    entry.history().forEach(step -> history.add(step(step)));
    file.add("history", history);
    return GSON.toJson(file).getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject request(FirmwareUpdate update) {
    JsonObject request = new JsonObject();
    request.addProperty("name", update.firmware().name());
    request.addProperty("version", update.firmware().version());
    update.digest().ifPresent(digest -> request.addProperty(DIGEST, digest.hex()));
    request.addProperty("url", update.url());
    if (!update.source().equals(FirmwareUpdate.source(update.url()))) {
      request.addProperty(SOURCE, update.source());
    }
    if (update.isForced()) {
      request.addProperty(FORCE, true);
    }
    return request;
  }

  private static JsonArray requests(JournalEntry entry) {
    JsonArray written = new JsonArray();
    for (Asked asked : entry.requests()) {
      JsonObject request = new JsonObject();
      request.addProperty("requester", asked.request().requester());
      request.addProperty("id", asked.request().key().id());
      request.addProperty("told", asked.isTold());
      written.add(request);
    }
    return written;
  }

  private static JsonObject failure(Failure failure) {
    JsonObject written = new JsonObject();
    written.addProperty("code", failure.code().word());
    written.addProperty("sentence", failure.sentence());
    return written;
  }

  private static JsonObject elapsed(Effort effort) {
    JsonObject written = new JsonObject();
    effort.times().forEach((limit, time) -> written.addProperty(limit.word(), time.toString()));
    return written;
  }

  private static JsonObject step(JournalEntry.Step step) {
    JsonObject written = new JsonObject();
    written.addProperty("stage", step.stage().word());
    written.addProperty("at", step.at().toString());
    return written;
  }

  /** Reads an entry; anything that is not a whole one is refused with a JsonParseException. */
  static JournalEntry read(byte[] bytes) {
    JsonObject file = GSON.fromJson(text(bytes), JsonObject.class);
    if (file == null) {
      throw new JsonParseException("the file is empty");
    }
    try {
      if (number(file, "schema") != SCHEMA) {
        throw new JsonParseException("schema " + file.get("schema") + " is not known here");
      }
      return entry(file);
    } catch (IllegalArgumentException
        | IllegalStateException
        | ArithmeticException
        | DateTimeException e) {
      throw new JsonParseException("a field is missing or wrong: " + e.getMessage(), e);
    }
  }

  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new JsonParseException("the file is not UTF-8", e);
    }
  }

  private static JournalEntry entry(JsonObject file) {
    OperationKey key = new OperationKey(new ChildId(word(file, "child")), word(file, "id"));
    Optional<FirmwareUpdate> update = part(file, "request").map(request -> update(key, request));
    Stage stage = stage(file);
    Optional<Failure> failure = part(file, "failure").map(EntryFormat::failure);
    if (stage == Stage.FAILED && failure.isEmpty()) {
      throw new IllegalArgumentException("failed without a failure");
    }
    if (!stage.isEnd() && update.isEmpty()) {
      throw new IllegalArgumentException("under way without a request");
    }
    return new JournalEntry(
        key,
        number(file, "sequence"),
        update,
        stage,
        failure,
        requests(key, file),
        new Effort(Math.toIntExact(number(file, "interruptions")), elapsed(file)),
        history(file));
  }

  private static FirmwareUpdate update(OperationKey key, JsonObject request) {
    Firmware firmware = new Firmware(word(request, "name"), word(request, "version"));
    String url = word(request, "url");
    return new FirmwareUpdate(
        key,
        firmware,
        digest(request),
        url,
        request.has(SOURCE) ? word(request, SOURCE) : FirmwareUpdate.source(url),
        request.has(FORCE) && truth(request, FORCE));
  }

  private static Optional<Sha256> digest(JsonObject request) {
    return request.has(DIGEST) ? Optional.of(new Sha256(word(request, DIGEST))) : Optional.empty();
  }

  /** The requests; entries of earlier versions say only whether the one requester was told. */
  private static List<Asked> requests(OperationKey key, JsonObject file) {
    if (!file.has(REQUESTS)) {
      return List.of(new Asked(new Request(Request.LEGACY, key), truth(file, "reported")));
    }
    return field(file, REQUESTS, JsonElement::isJsonArray).getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(asked -> new Asked(request(key.child(), asked), truth(asked, "told")))
        .toList();
  }

  private static Request request(ChildId child, JsonObject asked) {
    return new Request(word(asked, "requester"), new OperationKey(child, word(asked, "id")));
  }

  private static boolean truth(JsonObject object, String name) {
    return field(object, name, is(JsonPrimitive::isBoolean)).getAsBoolean();
  }

  private static Stage stage(JsonObject object) {
    return Stage.valueOf(word(object, "stage").toUpperCase(Locale.ROOT));
  }

  private static Failure failure(JsonObject object) {
    String name = word(object, "code").toUpperCase(Locale.ROOT).replace('-', '_');
    return new Failure(FailureCode.valueOf(name), word(object, "sentence"));
  }

  /** The times of the limits that are known here; a later version may know more. */
  private static Map<Limit, Duration> elapsed(JsonObject file) {
    JsonObject written = part(file, ELAPSED).orElseGet(JsonObject::new);
    return Stream.of(Limit.values())
        .filter(limit -> written.has(limit.word()))
        .collect(
            Collectors.toMap(
                Function.identity(), limit -> Duration.parse(word(written, limit.word()))));
  }

  private static List<JournalEntry.Step> history(JsonObject file) {
    return field(file, "history", JsonElement::isJsonArray).getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(step -> new JournalEntry.Step(stage(step), Instant.parse(word(step, "at"))))
        .toList();
  }

  private static Optional<JsonObject> part(JsonObject object, String name) {
    return object.has(name)
        ? Optional.of(field(object, name, JsonElement::isJsonObject).getAsJsonObject())
        : Optional.empty();
  }

  private static String word(JsonObject object, String name) {
    return field(object, name, is(JsonPrimitive::isString)).getAsString();
  }

  private static long number(JsonObject object, String name) {
    return field(object, name, is(JsonPrimitive::isNumber)).getAsBigDecimal().longValueExact();
  }

  private static Predicate<JsonElement> is(Predicate<JsonPrimitive> kind) {
    return element -> element instanceof JsonPrimitive value && kind.test(value);
  }

  private static JsonElement field(JsonObject object, String name, Predicate<JsonElement> isKind) {
    return Optional.ofNullable(object.get(name))
        .filter(isKind)
        .orElseThrow(() -> new IllegalArgumentException(name));
  }
}
