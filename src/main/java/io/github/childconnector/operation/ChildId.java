package io.github.childconnector.operation;

import java.util.regex.Pattern;

/**
 * The name of a child device: 1 to 128 characters, none of them a control character or one of
 * {@code / + #}, which MQTT topics give a meaning.
 *
 * <p>Sample: {@code gateway7:device:plc-1}.
 */
public record ChildId(String value) implements Comparable<ChildId> {
  private static final Pattern VALID = Pattern.compile("[^/+#\\p{Cntrl}]{1,128}");

  /** Refuses what {@link #isValid} refuses with an IllegalArgumentException. */
  public ChildId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "a child id has 1 to 128 characters and none of / + # or control characters");
    }
  }

  /** Whether this may be the name of a child. */
  public static boolean isValid(String value) {
    return VALID.matcher(value).matches();
  }

  @Override
  public int compareTo(ChildId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
