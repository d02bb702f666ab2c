package io.github.childconnector.operation;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

  /**
   * Returns 16 hexadecimal digits that stand for the child in names of files, which may not hold
   * what its own name may.
   */
  public String digits() {
    return Sha256.of(value.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
  }

  @Override
  public int compareTo(ChildId other) {
    return value.compareTo(other.value);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChildId child && value.equals(child.value);
  }

  // A record's own is put together when first called, which every start of the daemon would do.
  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
