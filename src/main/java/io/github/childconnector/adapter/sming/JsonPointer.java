package io.github.childconnector.adapter.sming;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Says where in a JSON document something stands (RFC 6901).
 *
 * <p>Samples: {@code /version}, {@code /firmware/0/version}, {@code /a~1b} for the member {@code
 * a/b}.
 */
record JsonPointer(List<String> tokens) {
  private static final int MAX_NESTING = 32;
  private static final Pattern FORM = Pattern.compile("(/([^~/]|~[01])*)+");
  private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,8}");

  /** The pointer that a text gives; empty if it is none, or the whole document. */
  static Optional<JsonPointer> parse(String text) {
    return FORM.matcher(text).matches()
        ? Optional.of(new JsonPointer(tokens(text)))
        : Optional.empty();
  }

  private static List<String> tokens(String text) {
    return Arrays.stream(text.substring(1).split("/", -1))
        .map(token -> token.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  /** The text, number or flag at that place; empty if there is none, or no JSON. */
  Optional<String> find(String json) {
    Optional<JsonElement> found = document(json);
    for (String token : tokens) {
      found = found.flatMap(element -> member(element, token));
    }
    return found.filter(JsonElement::isJsonPrimitive).map(JsonElement::getAsString);
  }

  private static Optional<JsonElement> document(String json) {
    JsonReader reader = new JsonReader(new StringReader(json));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(MAX_NESTING);
    try {
      return Optional.of(JsonParser.parseReader(reader));
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<JsonElement> member(JsonElement element, String token) {
    if (element.isJsonObject()) {
      return Optional.ofNullable(element.getAsJsonObject().get(token));
    }
    boolean isIndex = element.isJsonArray() && INDEX.matcher(token).matches();
    int index = isIndex ? Integer.parseInt(token) : 0;
    return isIndex && index < element.getAsJsonArray().size()
        ? Optional.of(element.getAsJsonArray().get(index))
        : Optional.empty();
  }
}
