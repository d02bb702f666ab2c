package io.github.childconnector.adapter.answer;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.Optional;

/** What a device said in JSON, whose length its reader has bounded. */
public final class JsonDocument {
  private static final int MAX_NESTING = 32;

  private final JsonElement root;

  private JsonDocument(JsonElement root) {
    this.root = root;
  }

  /** Reads one document; empty if the text is none, or nested too deeply. */
  public static Optional<JsonDocument> parse(String text) {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(MAX_NESTING);
      JsonElement root = JsonParser.parseReader(reader);
      boolean isWhole = reader.peek() == JsonToken.END_DOCUMENT;
      return isWhole ? Optional.of(new JsonDocument(root)) : Optional.empty();
    } catch (IOException | JsonParseException e) {
      return Optional.empty();
    }
  }

  /** The text, number or flag at that place; empty if there is none. */
  public Optional<String> value(JsonPointer pointer) {
    return pointer.in(root).filter(JsonElement::isJsonPrimitive).map(JsonElement::getAsString);
  }
}
