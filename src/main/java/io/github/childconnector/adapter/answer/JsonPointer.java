package io.github.childconnector.adapter.answer;

import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names one value in a JSON document (RFC 6901).
 *
 * <p>Samples: {@code /StatusFWR/Version}, {@code /results/0/fw}, {@code /a~1b} for the member
 * {@code a/b}, {@code /a~0b} for {@code a~b}.
 */
public record JsonPointer(String text) {
  /** Jackson would take a tilde that escapes nothing for itself. */
  private static final Pattern FORM = Pattern.compile("(?s)(/([^/~]|~[01])*)*");

  /** The kind of value that is a pointer. */
  public static final Kind<JsonPointer> KIND =
      Kinds.parsed(
          JsonPointer::parse, "a JSON pointer such as \"/firmware/version\"", JsonPointer::text);

  /** The pointer that a text is; empty if it is none. */
  public static Optional<JsonPointer> parse(String text) {
    return FORM.matcher(text).matches() ? Optional.of(new JsonPointer(text)) : Optional.empty();
  }
}
