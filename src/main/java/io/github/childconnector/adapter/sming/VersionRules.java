package io.github.childconnector.adapter.sming;

import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.util.Optional;

/**
 * Decides, before anything is published, whether a device would take a version, and on which topic:
 * a device says nothing of what it skips.
 *
 * @param topic where the devices listen
 * @param listensTo the line of versions whose topic the device subscribes to; its version tells
 *     where it is absent
 * @param wirePatch which patch is sent
 * @param lineChange whether an image of another line may be sent
 */
record VersionRules(
    UpdateTopic topic, Optional<String> listensTo, WirePatch wirePatch, boolean lineChange) {
  /** The largest number in the one byte that devices compare; see the package documentation. */
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
    return new Release(topic.of(line), patch);
  }

  /** Returns where a device waits that runs a version, which has the right form. */
  String topicOf(String version) {
    return topic.of(SemanticVersion.parse(version).orElseThrow().line());
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

  /**
   * Releases for devices of another line, to which the image's own patch number says nothing: the
   * largest is always taken.
   */
  private Release otherLine(SemanticVersion version, String line) throws UpdateException {
    if (!lineChange) {
      throw refusal(
          "The device listens for %s, and %s is of another minor version, which need not be compatible. Nothing was published. Set minor_change = true where it is."
              .formatted(topic.of(line), version));
    }
    return new Release(topic.of(line), LARGEST_PATCH);
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
}
