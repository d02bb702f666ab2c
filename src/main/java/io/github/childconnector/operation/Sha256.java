package io.github.childconnector.operation;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A SHA-256 digest as 64 lower-case hexadecimal digits, for example {@code
 * e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855}.
 */
public record Sha256(String hex) {
  /** The bytes to be read and hashed in one go: enough that the digest sets the speed. */
  public static final int CHUNK = 256 << 10;

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

  /**
   * Returns a SHA-256 without any bytes yet, for bytes as they come; {@link #of(MessageDigest)}
   * takes its value.
   */
  public static MessageDigest begin() {
    return DigestUtils.getSha256Digest();
  }

  /** Returns the digest of the bytes that {@code taken} was given, which begins again with none. */
  public static Sha256 of(MessageDigest taken) {
    return new Sha256(Hex.encodeHexString(taken.digest()));
  }

  /** Returns the digest of the bytes that {@code taken} was given so far; more may follow. */
  public static Sha256 soFar(MessageDigest taken) {
    try {
      return of((MessageDigest) taken.clone());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java's SHA-256 cannot be copied", e);
    }
  }

  /** Returns the digest of these bytes. */
  public static Sha256 of(byte[] bytes) {
    return new Sha256(DigestUtils.sha256Hex(bytes));
  }

  /** Returns the digest of all bytes of a stream, which it reads to its end and does not close. */
  public static Sha256 of(InputStream bytes) throws IOException {
    MessageDigest digest = begin();
    long unused = add(digest, bytes);
    return of(digest);
  }

  /** Gives a digest all bytes of a stream, which stays open; returns how many they are. */
  public static long add(MessageDigest digest, InputStream bytes) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long size = 0;
    for (int length = bytes.read(chunk); length >= 0; length = bytes.read(chunk)) {
      digest.update(chunk, 0, length);
      size += length;
    }
    return size;
  }

  @Override
  public String toString() {
    return hex;
  }
}
