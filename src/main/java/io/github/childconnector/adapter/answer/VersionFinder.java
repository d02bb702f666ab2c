package io.github.childconnector.adapter.answer;

import com.fasterxml.jackson.core.JsonPointer;
import io.github.childconnector.operation.VersionText;
import io.github.childconnector.settings.Section;
import java.util.Optional;

/**
 * Finds a version in what a device says: in all of it, in one value of its JSON, and there, if
 * wanted, in what a regular expression finds.
 *
 * <p>Samples: {@code 4.3.6}; {@code {"fw":{"version":"4.3.6"}}} with the pointer {@code
 * /fw/version}; {@code v=4.3.6 up=17} with the pattern {@code v=(\S+)}; {@code {"fw":"4.3.6(abc)"}}
 * with the pointer {@code /fw} and the pattern {@code ^([0-9.]+)}.
 *
 * @param pointer the setting {@code version_pointer}
 * @param pattern the setting {@code version_pattern}, whose group is the version; is looked for in
 *     the value at {@code pointer} where there is one
 */
public record VersionFinder(Optional<JsonPointer> pointer, Optional<SearchPattern> pattern) {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  /** Reads the two settings. */
  public static VersionFinder read(Section section) {
    return new VersionFinder(
        section.optional("version_pointer", JsonDocument.POINTER),
        section.optional("version_pattern", SearchPattern.WITH_GROUP));
  }

  /** Whether all that a device says is the version. */
  public boolean isPlain() {
    return pointer.isEmpty() && pattern.isEmpty();
  }

  /**
   * The version, without blanks around it.
   *
   * @param said all of what the device says, of a bounded length
   * @throws NoVersionException there is none; says why
   */
  public String find(String said) throws NoVersionException {
    String text = said.startsWith(BYTE_ORDER_MARK) ? said.substring(1) : said;
    String value = pointer.isPresent() ? pointed(pointer.get(), text) : text;
    String version = (pattern.isPresent() ? matched(pattern.get(), value) : value).strip();
    Optional<String> objection = VersionText.objection(version);
    if (objection.isPresent()) {
      throw new NoVersionException(
          "the version in that %s; %s version_pointer or version_pattern"
              .formatted(objection.get(), isPlain() ? "use" : "correct"));
    }
    return version;
  }

  private static String pointed(JsonPointer at, String said) throws NoVersionException {
    JsonDocument document =
        JsonDocument.parse(said)
            .orElseThrow(
                () ->
                    new NoVersionException(
                        "that is no JSON; check where it comes from, or use version_pattern"));
    return document
        .value(at)
        .orElseThrow(
            () ->
                new NoVersionException(
                    "there is no value at version_pointer %s; correct that".formatted(at)));
  }

  private static String matched(SearchPattern sought, String value) throws NoVersionException {
    try {
      return sought
          .group(value)
          .orElseThrow(
              () -> new NoVersionException("version_pattern is not found in that; correct it"));
    } catch (SearchPattern.TooComplexException e) {
      throw new NoVersionException(String.valueOf(e.getMessage()), e);
    }
  }

  /** There is no version in what a device says; the message is the end of a sentence about that. */
  public static final class NoVersionException extends Exception {
    private static final long serialVersionUID = 1L;

    /** The reason is a clause that may call what was said "that". */
    public NoVersionException(String why) {
      super(why);
    }

    private NoVersionException(String why, Throwable cause) {
      super(why, cause);
    }
  }
}
