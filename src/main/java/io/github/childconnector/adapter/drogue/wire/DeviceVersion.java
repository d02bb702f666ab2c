package io.github.childconnector.adapter.drogue.wire;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A version as the protocol has it: bytes that mean nothing but whether they are equal. Normally
 * they are the UTF-8 text of a semantic version or of a short hash, for example {@code 0.1.0}.
 *
 * @param hex the bytes, as {@link HexFormat#of} writes them
 */
public record DeviceVersion(String hex) {
  public static DeviceVersion of(byte[] bytes) {
    return new DeviceVersion(HexFormat.of().formatHex(bytes));
  }

  public static DeviceVersion of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** The version as text, for a comparison with a requested version and for people. */
  public String text() {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return text();
  }
}
