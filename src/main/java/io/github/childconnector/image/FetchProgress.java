package io.github.childconnector.image;

import java.util.OptionalLong;

/** A listener that is told how far a download is; called often, by the downloading thread. */
public interface FetchProgress {

  /**
   * Tells how many bytes are there.
   *
   * @param done bytes of the image in the file
   * @param total the length of the image, where the server said it
   */
  void bytes(long done, OptionalLong total);

  /** Tells what went wrong, where it does not end the download. */
  default void trouble(String what) {}
}
