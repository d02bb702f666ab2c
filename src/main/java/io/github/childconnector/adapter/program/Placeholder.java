package io.github.childconnector.adapter.program;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The facts that a program is told about its operation, in {@code {braces}} and in the environment.
 */
public enum Placeholder {
  /** The file with the image; only an installation has one. */
  IMAGE("FIRMWARE_IMAGE", "path of the image"),
  /** The name of the firmware. */
  NAME("FIRMWARE_NAME", "name of the firmware"),
  /** The version of the firmware. */
  VERSION("FIRMWARE_VERSION", "version of the firmware"),
  /** The digest of the image, 64 lower-case hexadecimal digits. */
  SHA256("FIRMWARE_SHA256", "SHA-256 of the image"),
  /** The child's id. */
  CHILD("CHILD_ID", "id of the child"),
  /** The operation's id; the same in every call for one operation. */
  OPERATION("OPERATION_ID", "id of the operation");

  private final String variable;
  private final String meaning;

  Placeholder(String variable, String meaning) {
    this.variable = variable;
    this.meaning = meaning;
  }

  /** All that have a value where there is no image at hand. */
  public static Set<Placeholder> withoutImage() {
    return EnumSet.complementOf(EnumSet.of(IMAGE));
  }

  /** The one with this word between its braces. */
  static Optional<Placeholder> of(String word) {
    return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
  }

  /** A list of placeholders for a sentence, for example {@code {name} {version}}. */
  static String list(Set<Placeholder> placeholders) {
    return placeholders.stream()
        .map(each -> "{" + each.word() + "}")
        .collect(Collectors.joining(" "));
  }

  /** The word between the braces. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The environment variable with the same value. */
  public String variable() {
    return variable;
  }

  /** A name for the value, for a sentence. */
  String meaning() {
    return meaning;
  }
}
