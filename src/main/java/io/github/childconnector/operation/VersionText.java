package io.github.childconnector.operation;

import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rules for the text of a version, which are the same for what is requested and for what a
 * device answers: a version that no device could answer is refused before a device is touched, and
 * two that a person reads alike are the same.
 *
 * <p>Samples: {@code 4.3.6}, {@code 22.03-rc1 (büro)}.
 */
public final class VersionText {
  /** In characters: more than any version has, and little enough to be told in a reason. */
  public static final int MAX_LENGTH = 256;

  /** Byte order marks, zero-width and bidirectional characters, variation selectors. */
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\ufe00-\ufe0f]");

  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");

  /** Whatever a device is read by, these end a line or are taken out. */
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\u2028\u2029]");

  private static final Pattern HALF_CHARACTER = Pattern.compile("\\p{Cs}");
  private static final Pattern BEYOND_ASCII = Pattern.compile("[^ -~]");

  private VersionText() {}

  /**
   * Tells why no device can be seen to run a version, as the end of a sentence: {@code is empty}.
   */
  public static Optional<String> objection(String version) {
    String read = version.strip();
    if (asRead(read).isEmpty()) {
      return Optional.of("is empty");
    }
    if (read.length() > MAX_LENGTH) {
      return Optional.of(
          "has %d characters, more than the %d of a version".formatted(read.length(), MAX_LENGTH));
    }
    if (CONTROL.matcher(read).find()) {
      return Optional.of("has control characters, which no version has");
    }
    return HALF_CHARACTER.matcher(read).find()
        ? Optional.of("has half of a character, which no text has")
        : Optional.empty();
  }

  /** Whether a person reads two versions alike. */
  public static boolean isSame(String one, String other) {
    return asRead(one).equals(asRead(other));
  }

  private static String asRead(String version) {
    String visible = INVISIBLE.matcher(version).replaceAll("");
    String composed = Normalizer.normalize(visible, Normalizer.Form.NFC);
    return BLANKS.matcher(composed).replaceAll(" ").strip();
  }

  /**
   * A version for a sentence that says that it is another than was wanted. Characters that may look
   * like others are shown by their numbers too: {@code 2․0 ("2\u20240")}.
   */
  public static String shown(String version) {
    String escaped =
        BEYOND_ASCII.matcher(version).replaceAll(found -> escape(found.group().codePointAt(0)));
    return escaped.equals(version)
        ? version
        : INVISIBLE.matcher(version).replaceAll("") + " (\"" + escaped + "\")";
  }

  /** Writes a character for a replacement, in which a backslash stands before another. */
  private static String escape(int character) {
    return "\\\\u" + "%04x".formatted(character);
  }
}
