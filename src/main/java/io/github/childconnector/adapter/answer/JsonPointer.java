package io.github.childconnector.adapter.answer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names one value in a JSON document (RFC 6901).
 *
 * <p>Samples: {@code /StatusFWR/Version}, {@code /results/0/fw}, {@code /a~1b} for the member
 * {@code a/b}, {@code /a~0b} for {@code a~b}.
 */
public record JsonPointer(String text) {
  private static final Pattern FORM = Pattern.compile("(?s)(/([^/~]|~[01])*)*");
  private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,8}");

  /** The pointer that a text is; empty if it is none. */
  public static Optional<JsonPointer> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new JsonPointer(text)) : Optional.empty();
  }

  /** Whether this is a pointer; if not, nothing else may be asked of it. */
  public boolean isValid() {
    return FORM.matcher(text).matches();
  }

  /** The value it names; empty if there is none. */
  Optional<JsonElement> in(JsonElement document) {
    Optional<JsonElement> value = Optional.of(document);
    for (String name : names()) {
      value = value.flatMap(parent -> child(parent, name));
    }
    return value;
  }

  private List<String> names() {
    return Arrays.stream(text.split("/", -1))
        .skip(1)
        .map(name -> name.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  private static Optional<JsonElement> child(JsonElement parent, String name) {
    if (parent instanceof JsonObject object) {
      return Optional.ofNullable(object.get(name));
    }
    return parent instanceof JsonArray array && INDEX.matcher(name).matches()
        ? Optional.of(Integer.parseInt(name)).filter(at -> at < array.size()).map(array::get)
        : Optional.empty();
  }
}
