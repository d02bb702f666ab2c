package io.github.childconnector.fault;

import java.util.Optional;
import java.util.stream.Stream;

/** An exception and its causes, the outermost first. */
public final class Causes {
  /** Causes may go round in a circle. */
  private static final int MAX_DEPTH = 20;

  private Causes() {}

  /** The outermost of one of these kinds. */
  public static Optional<Throwable> find(Throwable fault, Class<?>... kinds) {
    return all(fault)
        .filter(cause -> Stream.of(kinds).anyMatch(kind -> kind.isInstance(cause)))
        .findFirst();
  }

  /**
   * The innermost message, which mostly says what has really happened, as the end of a sentence:
   * {@code " (Connection refused)"}; empty if there is none.
   */
  public static String lastMessage(Throwable fault) {
    return all(fault)
        .flatMap(cause -> Stream.ofNullable(cause.getMessage()))
        .reduce((outer, inner) -> inner)
        .map(message -> " (" + message + ")")
        .orElse("");
  }

  /** The exception itself, then its causes. */
  static Stream<Throwable> all(Throwable fault) {
    return Stream.iterate(fault, cause -> cause != null, Throwable::getCause).limit(MAX_DEPTH);
  }
}
