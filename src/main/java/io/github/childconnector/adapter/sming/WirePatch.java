package io.github.childconnector.adapter.sming;

/**
 * The patch number that is sent before an image. Devices skip what is lower than their own, and
 * take what is equal.
 */
enum WirePatch {
  /** The patch number of the image. A device that gets it twice flashes it twice. */
  SAME("same", 0),
  /**
   * The patch number of the image less one: the new image skips it, so it may stay at the broker
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

  /** Returns what is sent for an image; negative where nothing can be. */
  int of(SemanticVersion version) {
    return version.patch() - less;
  }
}
