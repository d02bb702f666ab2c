package io.github.childconnector.thinedge.v1;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.thinedge.RequestDocument;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * The file of a {@link KeptCommand}: one JSON object in UTF-8, of schema {@value #SCHEMA}, in one
 * line. A command of which nothing was said yet, and one that failed:
 *
 * <pre>{@code
 * {"schema":1,"child":"plc-1","id":"c8y-mapper-4711",
 *  "command":{"status":"init","remoteUrl":"https://…","name":"fw","version":"2","@version":"x"}}
 *
 * {"schema":1,"child":"plc-1","id":"c8y-mapper-4711",
 *  "command":{"status":"init","remoteUrl":"https://…","name":"fw","version":"2"},
 *  "said":{"status":"failed","reason":"digest-mismatch: The image at https://… has …"}}
 * }</pre>
 */
final class CommandFile {
  static final int SCHEMA = 1;

  /** Larger than any file: each byte of a command becomes two at most, and the rest is small. */
  static final int MAX_SIZE = 4 * RequestDocument.MAX_BYTES;

  static final String SUFFIX = ".json";

  private static final Gson GSON =
      new GsonBuilder().setStrictness(Strictness.STRICT).disableHtmlEscaping().create();

  private CommandFile() {}

  /** The name of the file, for example {@code c8y-mapper-4711.3d5f0d4c9be3a1f2.json}. */
  static String name(OperationKey key) {
    return key.id() + "." + key.child().digits() + SUFFIX;
  }

  static byte[] write(KeptCommand kept) {
    JsonObject file = new JsonObject();
    file.addProperty("schema", SCHEMA);
    file.addProperty("child", kept.key().child().value());
    file.addProperty("id", kept.key().id());
    file.add("command", kept.command().fields());
    kept.said().ifPresent(state -> file.add("said", said(state)));
    return file.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static JsonObject said(CommandState state) {
    JsonObject said = new JsonObject();
    said.addProperty("status", state.status().word());
    state.reason().ifPresent(why -> said.addProperty("reason", why));
    return said;
  }

  /** Reads a file; anything that is not a whole one is refused with a JsonParseException. */
  static KeptCommand read(byte[] bytes) {
    JsonObject file = GSON.fromJson(text(bytes), JsonObject.class);
    if (file == null) {
      throw new JsonParseException("the file is empty");
    }
    try {
      if (!new JsonPrimitive(SCHEMA).equals(file.get("schema"))) {
        throw new JsonParseException("schema " + file.get("schema") + " is not known here");
      }
      return new KeptCommand(
          new OperationKey(new ChildId(word(file, "child")), word(file, "id")),
          Command.of(part(file, "command").orElseThrow(() -> missing("command"))),
          part(file, "said").map(CommandFile::state));
    } catch (IllegalArgumentException e) {
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

  private static CommandState state(JsonObject said) {
    OperationStatus status = OperationStatus.valueOf(word(said, "status").toUpperCase(Locale.ROOT));
    return new CommandState(
        status, said.has("reason") ? Optional.of(word(said, "reason")) : Optional.empty());
  }

  private static String word(JsonObject object, String name) {
    JsonElement found = object.get(name);
    if (found instanceof JsonPrimitive value && value.isString()) {
      return value.getAsString();
    }
    throw missing(name);
  }

  private static Optional<JsonObject> part(JsonObject object, String name) {
    JsonElement found = object.get(name);
    if (found == null) {
      return Optional.empty();
    }
    if (found instanceof JsonObject part) {
      return Optional.of(part);
    }
    throw missing(name);
  }

  private static IllegalArgumentException missing(String name) {
    return new IllegalArgumentException(name);
  }
}
