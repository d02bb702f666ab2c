package io.github.childconnector.operation;

import java.util.Locale;

/** The status that thin-edge is told of an operation; it knows these three words and no other. */
public enum OperationStatus {
  EXECUTING,
  SUCCESSFUL,
  FAILED;

  /** The word on the wire, in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
