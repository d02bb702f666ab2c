package io.github.childconnector.adapter.sming;

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
