package io.github.childconnector.adapter.answer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.JsonPointerBasedFilter;
import com.fasterxml.jackson.core.filter.TokenFilter.Inclusion;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A JSON document that a device has sent, whose length its reader has bounded. It is read token by
 * token, so that it takes no more memory than its text.
 */
public final class JsonDocument {
  /** Jackson would take a tilde that escapes nothing for itself. */
  private static final Pattern POINTER_FORM = Pattern.compile("(?s)(/([^/~]|~[01])*)*");

  /**
   * The kind of value that names one value in a document (RFC 6901): {@code /StatusFWR/Version},
   * {@code /results/0/fw}, {@code /a~1b} for the member {@code a/b}, {@code /a~0b} for {@code a~b}.
   */
  public static final Kind<JsonPointer> POINTER =
      Kinds.parsed(
          JsonDocument::pointer,
          "a JSON pointer such as \"/firmware/version\"",
          JsonPointer::toString);

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(32).build())
          .build();

  private final String text;

  private JsonDocument(String text) {
    this.text = text;
  }

  /** Reads one document; empty if the text is none, or nested too deeply. */
  public static Optional<JsonDocument> parse(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      boolean isAny = parser.nextToken() != null;
      parser.skipChildren();
      return isAny && parser.nextToken() == null
          ? Optional.of(new JsonDocument(text))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The pointer that a text is; empty if it is none. */
  static Optional<JsonPointer> pointer(String text) {
    return POINTER_FORM.matcher(text).matches()
        ? Optional.of(JsonPointer.compile(text))
        : Optional.empty();
  }

  /** The text, number or flag that is a member of the document itself. */
  public Optional<String> member(String name) {
    return value(JsonPointer.empty().appendProperty(name));
  }

  /** The text, number or flag at that place, the last if it is named twice; empty if none is. */
  public Optional<String> value(JsonPointer pointer) {
    try (JsonParser found = at(pointer)) {
      Optional<String> value = Optional.empty();
      for (JsonToken token = found.nextToken(); token != null; token = found.nextToken()) {
        boolean isValue = token.isScalarValue() && token != JsonToken.VALUE_NULL;
        value = isValue ? Optional.of(found.getText()) : Optional.empty();
        found.skipChildren();
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonParser at(JsonPointer pointer) throws IOException {
    return new FilteringParserDelegate(
        JSON.createParser(text),
        new JsonPointerBasedFilter(pointer),
        Inclusion.ONLY_INCLUDE_ALL,
        true);
  }
}
