package io.github.childconnector.adapter.sming;

import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decides, before anything is published, whether a device would take a version, and on which topic:
 * a device says nothing of what it skips.
 *
 * <p>Devices of one application wait for firmware on {@code a/<app>/u/<major.minor>}, with {@code
 * /s} or {@code /u} behind it where stable and unstable firmware are kept apart, for example {@code
 * a/weather/u/4.3/s}.
 *
 * @param app the application's id
 * @param channel {@code s}, {@code u}, or empty
 * @param listensTo the line of versions whose topic the device subscribes to; its version tells
 *     where it is absent
 * @param wirePatch which patch is sent
 * @param lineChange whether an image of another line may be sent
 */
record VersionRules(
    String app,
    String channel,
    Optional<String> listensTo,
    WirePatch wirePatch,
    boolean lineChange) {
  /** The largest number in one byte of the wire; see the package documentation. */
  static final int LARGEST_PATCH = 127;

  /**
   * Decides what is to be published for a request.
   *
   * @param running what the device runs, where that is known
   * @throws UpdateException the device would not take it
   */
  Release release(String requested, Optional<SemanticVersion> running) throws UpdateException {
    SemanticVersion version =
        SemanticVersion.parse(requested).orElseThrow(() -> malformed(requested));
    requirePatch(version);
    String line = line(running);
    if (!line.equals(version.line())) {
      return otherLine(version, line);
    }
    int patch = wirePatch.of(version);
    requireTaken(version, patch, running);
    return new Release(topic(line), patch);
  }

  /** Returns where a device waits that runs a version, which has the right form. */
  String topicOf(String version) {
    return topic(SemanticVersion.parse(version).orElseThrow().line());
  }

  /** The topic of one line of versions, such as {@code 4.3}. */
  String topic(String line) {
    return root(app) + line + (channel.isEmpty() ? "" : "/" + channel);
  }

  /** Below this whatever is published is firmware to some device. */
  static String root(String app) {
    return "a/" + app + "/u/";
  }

  private static UpdateException malformed(String requested) {
    return refusal(
        "The version \"%s\" is not of the form major.minor.patch, such as 4.3.6, from which topic and patch number are made. Name the firmware so."
            .formatted(requested));
  }

  private static void requirePatch(SemanticVersion version) throws UpdateException {
    if (version.patch() > LARGEST_PATCH) {
      throw refusal(
          "The patch number of %s is above %d. Sming's parser adds the 7-bit groups of a longer number instead of shifting them, so that devices would read 128 as 1. Release it under a new minor version."
              .formatted(version, LARGEST_PATCH));
    }
  }

  private String line(Optional<SemanticVersion> running) throws UpdateException {
    return listensTo
        .or(() -> running.map(SemanticVersion::line))
        .orElseThrow(
            () ->
                new UpdateException(
                    FailureCode.INSTALL_FAILED,
                    "It is not known to which topic the device listens, because the version it publishes is not of the form major.minor.patch. Set listens_to."));
  }

  /** Takes the largest patch number: its own says nothing to devices of another line. */
  private Release otherLine(SemanticVersion version, String line) throws UpdateException {
    if (!lineChange) {
      throw refusal(
          "The device listens for %s, and %s is of another minor version, which need not be compatible. Nothing was published. Set minor_change = true where it is."
              .formatted(topic(line), version));
    }
    return new Release(topic(line), LARGEST_PATCH);
  }

  private static void requireTaken(
      SemanticVersion version, int patch, Optional<SemanticVersion> running)
      throws UpdateException {
    if (patch < 0) {
      throw refusal(
          "For %s with wire_patch = \"one less\" a patch number below 0 would have to be sent. Begin each minor version with patch 1."
              .formatted(version));
    }
    boolean skipped =
        running.filter(now -> now.line().equals(version.line()) && patch < now.patch()).isPresent();
    if (skipped) {
      throw refusal(
          "The device runs %s and skips %s, sent as patch %d, because that is lower. Release the old code under a higher version."
              .formatted(running.map(SemanticVersion::toString).orElse(""), version, patch));
    }
  }

  private static UpdateException refusal(String sentence) {
    return new UpdateException(FailureCode.REQUEST_INVALID, sentence);
  }

  /**
   * The patch number that is sent before an image. Devices skip what is lower than their own, and
   * take what is equal.
   */
  enum WirePatch {
    /** The patch number of the image. A device that gets it twice flashes it twice. */
    SAME("same", 0),
    /**
     * The number before that of the image: the new image skips it, so it may stay at the broker
     * without being flashed again.
     */
    ONE_LESS("one less", 1);

    private final String word;
    private final int less;

    WirePatch(String word, int less) {
      this.word = word;
      this.less = less;
    }

    /** Returns the word by which the setting {@code wire_patch} calls it. */
    String word() {
      return word;
    }

    /** The number that is sent for an image; negative where none can be. */
    int of(SemanticVersion version) {
      return version.patch() - less;
    }
  }

  /**
   * To whom an image goes, and as what.
   *
   * @param topic where it is published
   * @param wirePatch the byte before the image, 0 to 127
   */
  record Release(String topic, int wirePatch) {

    @Override
    public String toString() {
      return "patch " + wirePatch + " for " + topic;
    }
  }

  /** A version such as {@code 4.3.6}, of exactly three numbers. */
  record SemanticVersion(int major, int minor, int patch) {
    private static final String NUMBER = "(0|[1-9]\\d{0,8})";
    private static final Pattern FORM = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER);
    private static final Pattern LINE = Pattern.compile(NUMBER + "\\." + NUMBER);

    /** The version that a text gives; empty if it is none. */
    static Optional<SemanticVersion> parse(String text) {
      Matcher parts = FORM.matcher(text);
      return parts.matches()
          ? Optional.of(new SemanticVersion(part(parts, 1), part(parts, 2), part(parts, 3)))
          : Optional.empty();
    }

    /** Whether a text is the major and minor number of a version, such as {@code 4.3}. */
    static boolean isLine(String text) {
      return LINE.matcher(text).matches();
    }

    private static int part(Matcher parts, int group) {
      return Integer.parseInt(parts.group(group));
    }

    /** Major and minor number: firmware of one line is published to one topic. */
    String line() {
      return major + "." + minor;
    }

    @Override
    public String toString() {
      return line() + "." + patch;
    }
  }
}
