package io.github.childconnector.image;

import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** The SHA-256 of bytes as they come, in chunks large enough that the hash sets the speed. */
final class FileDigest {
  /** Bytes that are read, hashed and written in one go. */
  static final int CHUNK = 256 << 10;

  private final MessageDigest digest = Sha256.begin();
  private long size;

  /** Takes the first {@code length} bytes of {@code chunk}. */
  void add(byte[] chunk, int length) {
    digest.update(chunk, 0, length);
    size += length;
  }

  /** Takes all bytes of a stream. */
  void addAll(InputStream bytes) throws IOException {
    byte[] chunk = new byte[CHUNK];
    for (int length = bytes.read(chunk); length >= 0; length = bytes.read(chunk)) {
      add(chunk, length);
    }
  }

  /** The number of bytes taken. */
  long size() {
    return size;
  }

  /** The digest of the bytes taken so far; more may follow. */
  Sha256 value() {
    try {
      return Sha256.of((MessageDigest) digest.clone());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java's SHA-256 cannot be copied", e);
    }
  }

  /** Forgets all bytes. */
  void reset() {
    digest.reset();
    size = 0;
  }
}
