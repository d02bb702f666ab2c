package io.github.childconnector.adapter.sming;

import java.nio.file.Path;
import java.util.Optional;

/**
 * In what form devices want their firmware.
 *
 * @param format what surrounds the image
 * @param encrypted whether that is encrypted
 * @param key the file with the keys, where the form needs them
 * @param address where in the flash the image belongs, for the formats that say so
 */
record Packaging(Format format, boolean encrypted, Optional<Path> key, int address) {

  /** The words of the setting {@code format}. */
  enum Format {
    /** The ROM image as it is, for ENABLE_OTA_ADVANCED=0. */
    RAW("raw"),
    /** An OTA upgrade file made here, with an MD5. */
    OTA("ota"),
    /** An OTA upgrade file made here, with a signature. */
    OTA_SIGNED("ota-signed"),
    /** The firmware is an OTA upgrade file already. */
    OTA_FILE("ota-file");

    private final String word;

    Format(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }

    boolean isMadeHere() {
      return this == OTA || this == OTA_SIGNED;
    }
  }
}
