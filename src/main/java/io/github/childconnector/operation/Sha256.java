package io.github.childconnector.operation;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A SHA-256 digest as 64 lower-case hexadecimal digits, for example {@code
 * e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}.
 */
public record Sha256(String hex) {
  private static final Pattern VALID = Pattern.compile("[0-9a-fA-F]{64}");

  /** Takes digits of either case; anything else is refused with an IllegalArgumentException. */
  public Sha256 {
    if (!isValid(hex)) {
      throw new IllegalArgumentException("a SHA-256 digest has 64 hexadecimal digits");
    }
    hex = hex.toLowerCase(Locale.ROOT);
  }

  /** Whether this is a digest in hexadecimal digits. */
  public static boolean isValid(String hex) {
    return VALID.matcher(hex).matches();
  }

  @Override
  public String toString() {
    return hex;
  }
}
