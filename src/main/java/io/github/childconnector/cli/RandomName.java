package io.github.childconnector.cli;

import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Names nobody else has, in the manner of nanoid: characters of {@code A-Z a-z 0-9 _ -}. */
final class RandomName {
  private static final String CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

  private RandomName() {}

  /** A name as thin-edge gives to its operations, for example {@code tLrLthPXksKbqRqIsrDmy}. */
  static String ofOperation() {
    return of(21);
  }

  /** A name of so many characters. */
  static String of(int length) {
    RandomGenerator random = new SecureRandom();
    return random
        .ints(length, 0, CHARACTERS.length())
        .mapToObj(index -> CHARACTERS.substring(index, index + 1))
        .collect(Collectors.joining());
  }
}
