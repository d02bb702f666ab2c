package io.github.childconnector.journal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
 *   "reported": false, "interruptions": 0,
 *   "history": [{"stage": "queued", "at": "2026-11-20T15:04:05.123Z"}, …]
 * }
 * }</pre>
 */
final class EntryFormat {
  static final int SCHEMA = 1;
  private static final Gson GSON =
      new GsonBuilder()
          .setStrictness(Strictness.STRICT)
          .disableHtmlEscaping()
          .setPrettyPrinting()
          .create();

  private EntryFormat() {}

  static byte[] write(JournalEntry entry) {
    return GSON.toJson(Document.of(entry)).getBytes(StandardCharsets.UTF_8);
  }

  /** Reads an entry; anything that is not a whole one is refused with a JsonParseException. */
  static JournalEntry read(byte[] bytes) {
    Document document = GSON.fromJson(text(bytes), Document.class);
    if (document == null) {
      throw new JsonParseException("the file is empty");
    }
    if (document.schema() != SCHEMA) {
      throw new JsonParseException("schema " + document.schema() + " is not known here");
    }
    try {
      return document.entry();
    } catch (IllegalArgumentException | NullPointerException | DateTimeException e) {
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

  private record Document(
      int schema,
      String child,
      String id,
      long sequence,
      @Nullable Request request,
      String stage,
      @Nullable Reason failure,
      boolean reported,
      int interruptions,
      List<Entered> history) {

    static Document of(JournalEntry entry) {
      return new Document(
          SCHEMA,
          entry.key().child().value(),
          entry.key().id(),
          entry.sequence(),
          entry.update().map(Request::of).orElse(null),
          entry.stage().word(),
          entry.failure().map(Reason::of).orElse(null),
          entry.reported(),
          entry.interruptions(),
          entry.history().stream().map(Entered::of).toList());
    }

    JournalEntry entry() {
      OperationKey key = new OperationKey(new ChildId(child), id);
      Optional<Failure> why = Optional.ofNullable(failure).map(Reason::failure);
      Stage reached = stage(stage);
      if (reached == Stage.FAILED && why.isEmpty()) {
        throw new IllegalArgumentException("failed without a failure");
      }
      if (!reached.isEnd() && request == null) {
        throw new IllegalArgumentException("under way without a request");
      }
      return new JournalEntry(
          key,
          sequence,
          Optional.ofNullable(request).map(found -> found.update(key)),
          reached,
          why,
          reported,
          interruptions,
          history.stream().map(Entered::step).toList());
    }

    private static Stage stage(String word) {
      return Stage.valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  private record Request(String name, String version, String sha256, String url) {
    static Request of(FirmwareUpdate update) {
      Firmware firmware = update.firmware();
      return new Request(firmware.name(), firmware.version(), update.digest().hex(), update.url());
    }

    FirmwareUpdate update(OperationKey key) {
      Firmware firmware =
          new Firmware(Objects.requireNonNull(name), Objects.requireNonNull(version));
      return new FirmwareUpdate(key, firmware, new Sha256(sha256), Objects.requireNonNull(url));
    }
  }

  private record Reason(String code, String sentence) {
    static Reason of(Failure failure) {
      return new Reason(failure.code().word(), failure.sentence());
    }

    Failure failure() {
      String name = code.toUpperCase(Locale.ROOT).replace('-', '_');
      return new Failure(FailureCode.valueOf(name), sentence);
    }
  }

  private record Entered(String stage, String at) {
    static Entered of(JournalEntry.Step step) {
      return new Entered(step.stage().word(), step.at().toString());
    }

    JournalEntry.Step step() {
      return new JournalEntry.Step(Document.stage(stage), Instant.parse(at));
    }
  }
}
