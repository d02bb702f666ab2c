package io.github.childconnector.operation;

/**
 * A request for an operation, of whose end its requester waits to be told: two requesters may ask
 * for one operation, each under an id of its own.
 *
 * @param requester the way the request came by, for example {@code legacy} or {@code v1}
 * @param key the child, and the id that this requester gave
 */
public record Request(String requester, OperationKey key) {
  /** The requester of whom thin-edge's legacy contract speaks, its firmware plugin. */
  public static final String LEGACY = "legacy";

  /** The requester of thin-edge's te/ commands, version 1, its mapper. */
  public static final String V1 = "v1";

  /** A requester that is not known any more, so that everybody is told. */
  public static final String ANYBODY = "anybody";

  /** Returns the request as log lines name it, for example {@code v1 c8y-mapper-4711}. */
  @Override
  public String toString() {
    return requester + " " + key.id();
  }
}
