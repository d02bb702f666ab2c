package io.github.childconnector.operation;

import java.util.regex.Pattern;

/**
 * The identity of an operation: the child and the id its requester gave it, because a requester's
 * ids are only looked up per child.
 *
 * <p>The id is kept to characters that are safe in a file name, a log line and an answer: 1 to 128
 * of {@code A-Z a-z 0-9 _ - . :}, no dot first and no two dots in a row. Samples: {@code
 * tLrLthPXksKbqRqIsrDmy}, {@code v1:c8y-mapper-4711}.
 */
public record OperationKey(ChildId child, String id) {
  private static final Pattern VALID_ID =
      Pattern.compile("(?!\\.)(?!.*\\.\\.)[A-Za-z0-9_.:-]{1,128}");

  /** Refuses an id that {@link #isValidId} refuses with an IllegalArgumentException. */
  public OperationKey {
    if (!isValidId(id)) {
      throw new IllegalArgumentException(
          "an operation id has 1 to 128 characters of A-Z a-z 0-9 _ - . :");
    }
  }

  /** Whether this may be the id of an operation. */
  public static boolean isValidId(String id) {
    return VALID_ID.matcher(id).matches();
  }

  /**
   * Returns the key as log lines name it, for example {@code child=plc-1
   * operation=tLrLthPXksKbqRqIsrDmy}.
   */
  @Override
  public String toString() {
    String name = child.value().contains(" ") ? '"' + child.value() + '"' : child.value();
    return "child=" + name + " operation=" + id;
  }
}
