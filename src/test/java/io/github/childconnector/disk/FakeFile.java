package io.github.childconnector.disk;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.NullMarked;

/**
 * The bytes of a file on a {@link FakeDisk}: those that were forced out, and those that are read.
 */
@NullMarked
final class FakeFile {
  private byte[] forced = {};
  private byte[] present = {};

  FakeFile() {}

  /** A file that was forced out with this content. */
  FakeFile(byte[] content) {
    forced = content;
    present = content;
  }

  byte[] content() {
    return present;
  }

  void clear() {
    present = new byte[0];
  }

  void write(byte[] bytes, int length) {
    byte[] longer = Arrays.copyOf(present, present.length + length);
    System.arraycopy(bytes, 0, longer, present.length, length);
    present = longer;
  }

  void force() {
    forced = present;
  }

  /** What a power cut may make of it, each content once; the first as forced, the last as read. */
  Map<String, byte[]> fates() {
    Map<String, byte[]> fates = new LinkedHashMap<>();
    if (!Arrays.equals(forced, present)) {
      int kept = commonLength();
      int half = kept + (present.length - kept) / 2;
      add(fates, "as forced", forced);
      add(fates, "zeros behind " + kept, zeros(kept));
      add(fates, "cut at " + half, Arrays.copyOf(present, half));
      add(fates, "cut by one byte", Arrays.copyOf(present, Math.max(kept, present.length - 1)));
      add(fates, "garbage behind " + half, garbage(half));
    }
    fates.put("as written", present);
    return fates;
  }

  private void add(Map<String, byte[]> fates, String name, byte[] content) {
    boolean isNew = fates.values().stream().noneMatch(other -> Arrays.equals(other, content));
    if (isNew && !Arrays.equals(present, content)) {
      fates.put(name, content);
    }
  }

  private int commonLength() {
    int different = Arrays.mismatch(forced, present);
    return different < 0 ? present.length : different;
  }

  private byte[] zeros(int from) {
    byte[] content = present.clone();
    Arrays.fill(content, from, content.length, (byte) 0);
    return content;
  }

  private byte[] garbage(int from) {
    byte[] content = present.clone();
    byte[] tail = new byte[content.length - from];
    new Random(content.length).nextBytes(tail);
    System.arraycopy(tail, 0, content, from, tail.length);
    return content;
  }
}
