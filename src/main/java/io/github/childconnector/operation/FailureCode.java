package io.github.childconnector.operation;

import java.util.Locale;

/**
 * Why an operation failed, as a word that scripts and documents may rely on: it stands before the
 * sentence in the reason, the journal, the log and the command line.
 */
public enum FailureCode {
  /** The request breaks the contract. */
  REQUEST_INVALID,
  /** The request may be of any age, and nobody knows it. */
  REQUEST_OUTDATED,
  /** The request is for a child that is not configured here. */
  CHILD_UNKNOWN,
  /** The child, or the connector, has no room for one more update that waits for its turn. */
  QUEUE_FULL,
  /** The image's address is not one this connector may ask. */
  URL_REFUSED,
  /** The file server refused the image in a way that will not change by asking again. */
  DOWNLOAD_REFUSED,
  /** The image could not be fetched in any of the tries. */
  DOWNLOAD_FAILED,
  /** The image could not be fetched within {@code download.deadline}. */
  DOWNLOAD_TIMEOUT,
  /** The image is larger than {@code download.max_size}. */
  IMAGE_TOO_LARGE,
  /** The image's digest is not the one in the request. */
  DIGEST_MISMATCH,
  /** There is not enough room for the image. */
  DISK_FULL,
  /** The storage directory cannot be read or written. */
  STORAGE_FAILED,
  /** The device was busy for longer than the connector may wait. */
  DEVICE_BUSY,
  /** The adapter could not install the image. */
  INSTALL_FAILED,
  /** The installation took longer than {@code install_timeout}. */
  INSTALL_TIMEOUT,
  /** The device was not seen to run the new version within {@code confirm_timeout}. */
  NOT_CONFIRMED,
  /** The version the device runs could not be read. */
  VERSION_UNREADABLE,
  /** The connector or the machine stopped in the middle of the installation. */
  INTERRUPTED,
  /** A fault of this program. */
  INTERNAL_ERROR;

  /** The stable word, for example {@code digest-mismatch}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
