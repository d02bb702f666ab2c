package io.github.childconnector.image;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A strong entity tag, which a server gives to exactly these bytes: {@code "5f3-abc"}, its quotes
 * included. Weak ones ({@code W/"…"}) promise too little to continue a download with.
 */
record EntityTag(String value) {
  private static final Pattern STRONG = Pattern.compile("\"[\\x21\\x23-\\x7e]{0,500}\"");

  /** The tag in a header or a file, if it is a strong one. */
  static Optional<EntityTag> strong(String text) {
    return STRONG.matcher(text).matches() ? Optional.of(new EntityTag(text)) : Optional.empty();
  }
}
