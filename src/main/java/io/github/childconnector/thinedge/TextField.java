package io.github.childconnector.thinedge;

import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** A field of a request that is a text, and what it may hold. */
public record TextField(String name, Presence presence, Kind kind) {
  /** Characters of a name or version: more than any device names itself by. */
  public static final int MAX_NAME = 256;

  /** Bytes of a URL: what file servers take, and little enough for thousands of requests. */
  public static final int MAX_URL = 4096;

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  /** Whether a request is one without the field. */
  public enum Presence {
    /** The field has to be there. */
    REQUIRED,
    /** The field may be left out, but not be null. */
    OPTIONAL,
    /** The field may be left out or be null. */
    NULLABLE
  }

  /** The rules for the text. */
  public enum Kind {
    /** At most {@value TextField#MAX_NAME} characters, none of them a control character. */
    NAME,
    /** At most {@value TextField#MAX_URL} bytes of UTF-8 without control characters. */
    URL,
    /** An id as {@link OperationKey} takes it. */
    ID,
    /** A SHA-256 as {@link Sha256} takes it. */
    DIGEST,
    /** Any text. */
    ANY
  }

  /** Says what is wrong with a text that is there; empty if nothing is. */
  Optional<String> complaint(String text) {
    return switch (kind) {
      case NAME ->
          control(text)
              .or(() -> tooLong(text.codePointCount(0, text.length()), MAX_NAME, "characters"));
      case URL ->
          control(text)
              .or(() -> tooLong(text.getBytes(StandardCharsets.UTF_8).length, MAX_URL, "bytes"));
      case ID ->
          unless(
              OperationKey.isValidId(text), " is not 1 to 128 characters of A-Z a-z 0-9 _ - . :");
      case DIGEST -> unless(Sha256.isValid(text), " is not 64 hexadecimal digits");
      case ANY -> Optional.empty();
    };
  }

  private Optional<String> control(String text) {
    return unless(!CONTROL.matcher(text).find(), " has control characters");
  }

  private Optional<String> tooLong(int length, int limit, String unit) {
    return unless(
        length <= limit,
        " has %d, more than %d %s; give it a shorter one".formatted(length, limit, unit));
  }

  private Optional<String> unless(boolean isFine, String complaint) {
    return isFine ? Optional.empty() : Optional.of("the " + name + complaint);
  }
}
