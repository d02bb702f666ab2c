package io.github.childconnector.adapter.fuota.management;

import io.github.childconnector.image.ComparedStream;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** An image that a device may fetch: for an update of thin-edge, or by management. */
public interface OfferedImage {
  /**
   * How often a device may take an image and go on with its old version: every time wears its
   * flash.
   */
  int MAX_TRIES = 3;

  /**
   * The device polls with the version that it runs; of all that is offered to one device, one call
   * at a time. Returns the file to fetch, empty if there is none for it.
   */
  Optional<String> poll(String version);

  /**
   * The name by which it is fetched. All have one length, because devices keep the tail of a longer
   * name they had before.
   */
  default String file() {
    return digest().hex();
  }

  /** The file with its bytes. */
  Path path();

  /** The number of its bytes. */
  long size();

  /** The digest that was compared when the image came. */
  Sha256 digest();

  /** Opens its bytes for sending, and withholds the last of them where they were changed. */
  default ComparedStream open() throws IOException {
    return new ComparedStream(path(), size(), digest());
  }

  /** Notes that its bytes were changed or cannot be read, so the device does not get them. */
  void spoilt(IOException why);

  /** The device begins to fetch it. */
  void begun();

  /** This number of bytes has been sent. */
  void sent(long bytes);

  /** All of it but the last byte has been sent, and that follows. */
  void taken();
}
