package io.github.childconnector.image;

import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A source of verified images. */
public interface ImageSource {

  /**
   * Looks at an address without asking anybody.
   *
   * @throws UpdateException URL_REFUSED where no image may be fetched from there
   */
  void check(String url) throws UpdateException;

  /**
   * Returns the stored image after comparing its digest again, or downloads it from {@code url}
   * within the bounds of the settings. For one digest, one call at a time.
   *
   * @throws UpdateException URL_REFUSED, DOWNLOAD_REFUSED, DOWNLOAD_FAILED, DOWNLOAD_TIMEOUT,
   *     IMAGE_TOO_LARGE, DIGEST_MISMATCH, DISK_FULL or STORAGE_FAILED
   * @throws InterruptedException at once where the thread is interrupted; what has come so far is
   *     kept for the next fetch if the server can continue it
   */
  FirmwareImage fetch(Sha256 digest, String url, FetchProgress progress)
      throws UpdateException, InterruptedException;

  /**
   * Downloads an image of which nobody has promised the digest, which is computed as it comes.
   *
   * @throws UpdateException as in the other fetch, but DIGEST_MISMATCH
   */
  default FirmwareImage fetch(String url, FetchProgress progress)
      throws UpdateException, InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** The longest time that {@link #fetch} takes. */
  Duration deadline();

  /**
   * The image with this digest, if it is stored, after its bytes have been compared again; one
   * whose bytes have changed is removed.
   *
   * @throws UpdateException STORAGE_FAILED where the directory cannot be read
   */
  Optional<FirmwareImage> find(Sha256 digest) throws UpdateException, InterruptedException;

  /**
   * Removes the images and the begun downloads that are neither {@code needed} nor being fetched,
   * but keeps the two of those images that were last in use, since other children often get the
   * same one some minutes later, as long as the disk has room for the largest image beside them.
   * What cannot be removed is logged.
   */
  void prune(Set<Sha256> needed);
}
