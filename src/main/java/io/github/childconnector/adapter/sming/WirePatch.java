package io.github.childconnector.adapter.sming;

/**
 * Which patch number is sent before an image. Devices skip what is lower than their own, and take
 * what is equal.
 */
enum WirePatch {
  /** That of the image. A device that gets it twice flashes it twice. */
  SAME("same", 0),
  /** One less: the new image skips it, so it may stay at the broker without being flashed again. */
  ONE_LESS("one less", 1);

  private final String word;
  private final int less;

  WirePatch(String word, int less) {
    this.word = word;
    this.less = less;
  }

  /** As the setting {@code wire_patch} calls it. */
  String word() {
    return word;
  }

  /** What is sent for an image; negative where nothing can be. */
  int of(SemanticVersion version) {
    return version.patch() - less;
  }
}
