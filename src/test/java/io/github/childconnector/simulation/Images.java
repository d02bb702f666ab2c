package io.github.childconnector.simulation;

import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Images by what they are to be made of. */
final class Images {
  private static final int SIZE = 3000;
  private static final Map<String, byte[]> MADE = new ConcurrentHashMap<>();

  private Images() {}

  static byte[] bytes(String seed) {
    return MADE.computeIfAbsent(seed, Images::make);
  }

  private static byte[] make(String seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed.hashCode()).nextBytes(bytes);
    return bytes;
  }
}
