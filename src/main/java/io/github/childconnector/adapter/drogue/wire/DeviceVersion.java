package io.github.childconnector.adapter.drogue.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A version as the protocol has it: bytes that mean nothing but whether they are equal. Normally
 * they are the UTF-8 text of a semantic version or of a short hash, for example {@code 0.1.0}.
 */
public final class DeviceVersion {
  private final byte[] bytes;

  private DeviceVersion(byte[] bytes) {
    this.bytes = bytes;
  }

  public static DeviceVersion of(byte[] bytes) {
    return new DeviceVersion(bytes.clone());
  }

  public static DeviceVersion of(String text) {
    return new DeviceVersion(text.getBytes(StandardCharsets.UTF_8));
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  /** Returns the version as text, for a comparison with a requested version and for people. */
  public String text() {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DeviceVersion version && Arrays.equals(bytes, version.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return text();
  }
}
