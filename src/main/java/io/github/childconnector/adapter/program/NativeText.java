package io.github.childconnector.adapter.program;

import java.nio.charset.Charset;
import java.util.Set;

/** Tells which texts reach a program of this machine unchanged. */
public final class NativeText {
  private NativeText() {}

  /**
   * Whether the locale can express a text. In the locale "C" Java would write a question mark for
   * every letter beyond ASCII, and the device would be asked for another version than was meant.
   */
  public static boolean isExpressible(String text) {
    return isExpressible(text, charsets());
  }

  static boolean isExpressible(String text, Set<Charset> charsets) {
    return charsets.stream().allMatch(charset -> charset.newEncoder().canEncode(text));
  }

  /** Java 17 writes arguments in the first of these, later ones in the second. */
  private static Set<Charset> charsets() {
    Charset first = Charset.defaultCharset();
    String second = System.getProperty("sun.jnu.encoding", first.name());
    return Charset.isSupported(second) && !Charset.forName(second).equals(first)
        ? Set.of(first, Charset.forName(second))
        : Set.of(first);
  }
}
