package io.github.childconnector.thinedge;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON object that a request is, as it arrived: in UTF-8, at most {@value #MAX_BYTES} bytes,
 * strict JSON, and no field of it twice. Of one that breaks off, the fields before that are known,
 * so that it may be answered. Fields that nobody asks for are kept as they are, in their order.
 */
public final class RequestDocument {
  /** The longest request: many times what thin-edge sends. */
  public static final int MAX_BYTES = 64 * 1024;

  private static final int MAX_NESTING = 32;

  private final JsonObject fields = new JsonObject();
  private Optional<String> problem = Optional.empty();

  private RequestDocument() {}

  /** Reads a request whose texts are to be these; never fails, whatever the bytes are. */
  public static RequestDocument read(byte[] bytes, List<TextField> texts) {
    RequestDocument read = new RequestDocument();
    read.readFields(bytes);
    read.check(texts);
    return read;
  }

  /** Takes a request whose fields were read and kept before. */
  public static RequestDocument of(JsonObject kept, List<TextField> texts) {
    RequestDocument read = new RequestDocument();
    kept.deepCopy().asMap().forEach(read.fields::add);
    read.check(texts);
    return read;
  }

  private void readFields(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      note("it has " + bytes.length + " bytes, more than " + MAX_BYTES);
      return;
    }
    try (JsonReader reader = new JsonReader(new StringReader(text(bytes)))) {
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(MAX_NESTING);
      readObject(reader);
    } catch (CharacterCodingException e) {
      note("it is not UTF-8");
    } catch (EOFException | MalformedJsonException | IllegalStateException | JsonParseException e) {
      note("it is not one whole JSON object");
    } catch (IOException e) {
      note("it cannot be read as JSON");
    }
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private void readObject(JsonReader reader) throws IOException {
    Set<String> seen = new HashSet<>();
    reader.beginObject();
    while (reader.hasNext()) {
      String name = reader.nextName();
      if (seen.add(name)) {
        fields.add(name, JsonParser.parseReader(reader));
      } else {
        // Which of the two is meant is anybody's guess, so neither is taken.
        fields.remove(name);
        note("the field " + name + " is there twice");
        reader.skipValue();
      }
    }
    reader.endObject();
    if (reader.peek() != JsonToken.END_DOCUMENT) {
      note("something follows the JSON object");
    }
  }

  private void check(List<TextField> texts) {
    texts.forEach(this::checkType);
    texts.stream()
        .filter(field -> field.presence() == TextField.Presence.REQUIRED)
        .filter(field -> !fields.has(field.name()))
        .forEach(field -> note("the field " + field.name() + " is missing"));
    for (TextField field : texts) {
      text(field.name()).flatMap(field::complaint).ifPresent(this::note);
    }
  }

  private void checkType(TextField field) {
    JsonElement found = fields.get(field.name());
    if (found == null || isText(found)) {
      return;
    }
    if (!found.isJsonNull() || field.presence() != TextField.Presence.NULLABLE) {
      note("the field " + field.name() + " is not a text");
    }
  }

  private void note(String found) {
    if (problem.isEmpty()) {
      problem = Optional.of(found);
    }
  }

  private static boolean isText(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isString();
  }

  /** The text of a field; empty where there is none. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(fields.get(name))
        .filter(RequestDocument::isText)
        .map(JsonElement::getAsString);
  }

  /** Whether a field says {@code true}. */
  public boolean isTrue(String name) {
    return fields.get(name) instanceof JsonPrimitive value
        && value.isBoolean()
        && value.getAsBoolean();
  }

  /** Returns a copy of all fields that could be read. */
  public JsonObject fields() {
    return fields.deepCopy();
  }

  /** Why it cannot be carried out, the first reason there is; empty if it can. */
  public Optional<Failure> problem() {
    return problem.map(
        found ->
            new Failure(
                FailureCode.REQUEST_INVALID,
                "The request is not one: " + found + ". Nothing was changed on the device."));
  }
}
