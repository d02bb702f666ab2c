package io.github.childconnector.settings;

import static java.util.stream.Collectors.joining;

import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;

/** Texts as TOML writes them: {@code "like \"this\""}. */
public final class Text {
  private static final Pattern BARE_KEY = Pattern.compile("[A-Za-z0-9_-]+");

  private Text() {}

  /** A text in quotes. */
  public static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(character -> append(quoted, character));
    return quoted.append('"').toString();
  }

  /** A sentence with ******** for whatever it quotes. */
  static String unquoted(String sentence) {
    StringBuilder shown = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < sentence.length(); i++) {
      char character = sentence.charAt(i);
      if (character == '"') {
        isQuoted = !isQuoted;
        shown.append(isQuoted ? "********" : "");
      } else if (isQuoted) {
        i += character == '\\' ? 1 : 0;
      } else {
        shown.append(character);
      }
    }
    return shown.toString();
  }

  private static void append(StringBuilder to, int character) {
    if (character == '"' || character == '\\') {
      to.append('\\').appendCodePoint(character);
    } else if (Character.isISOControl(character)) {
      to.append(String.format(Locale.ROOT, "\\u%04x", character));
    } else {
      to.appendCodePoint(character);
    }
  }

  static String list(Collection<String> texts) {
    return texts.stream().map(Text::quoted).collect(joining(", ", "[", "]"));
  }

  static String key(String key) {
    return BARE_KEY.matcher(key).matches() ? key : quoted(key);
  }
}
