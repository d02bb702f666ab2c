package io.github.childconnector.adapter.sming;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The one-time authenticator Poly1305 of RFC 8439. Its time depends on its input, which is harmless
 * here: nobody measures a gateway that seals a firmware image once.
 */
final class Poly1305 {
  private static final int BLOCK = 16;
  private static final BigInteger PRIME = BigInteger.TWO.pow(130).subtract(BigInteger.valueOf(5));
  private static final BigInteger CLAMP = new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16);

  private Poly1305() {}

  /** The 16 bytes that authenticate a message under a key of 32 bytes, which is used once. */
  static byte[] tag(byte[] key, byte[] message) {
    BigInteger r = number(Arrays.copyOf(key, BLOCK)).and(CLAMP);
    BigInteger sum = BigInteger.ZERO;
    for (int at = 0; at < message.length; at += BLOCK) {
      sum = sum.add(block(message, at)).multiply(r).mod(PRIME);
    }
    return bytes(sum.add(number(Arrays.copyOfRange(key, BLOCK, 2 * BLOCK))));
  }

  private static BigInteger block(byte[] message, int at) {
    int length = Math.min(BLOCK, message.length - at);
    byte[] block = Arrays.copyOfRange(message, at, at + length + 1);
    block[length] = 1;
    return number(block);
  }

  private static BigInteger number(byte[] littleEndian) {
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < littleEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    return new BigInteger(1, bigEndian);
  }

  private static byte[] bytes(BigInteger number) {
    byte[] bytes = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }
}
