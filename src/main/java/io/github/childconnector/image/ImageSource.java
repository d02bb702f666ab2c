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
   * Downloads whatever lies at {@code url}, within the same bounds. Nobody has promised its
   * SHA-256, which is computed while it comes, so only the server's word tells where it ends: an
   * answer that gives neither a length nor chunks is refused, and a download goes on after a break
   * only by a strong entity tag. Any number of calls for one address at a time cause one download;
   * what it brought also serves those who ask while the address is still needed (see {@link
   * #prune}), but no longer than {@link #deadline} after it came.
   *
   * @return the image, stored under its digest as every other
   * @throws UpdateException as the other fetch, but never DIGEST_MISMATCH; REQUEST_INVALID where
   *     there are no bytes
   * @throws InterruptedException likewise
   */
  FirmwareImage fetch(String url, FetchProgress progress)
      throws UpdateException, InterruptedException;

  /** The longest time that a fetch takes. */
  Duration deadline();

  /**
   * The image with this digest, if it is stored, after its bytes have been compared again; one
   * whose bytes have changed is removed.
   *
   * @throws UpdateException STORAGE_FAILED where the directory cannot be read
   */
  Optional<FirmwareImage> find(Sha256 digest) throws UpdateException, InterruptedException;

  /**
   * Removes the images and the begun downloads that are neither needed nor being fetched, but keeps
   * the two of those images that were last in use, since other children often get the same one some
   * minutes later, as long as the disk has room for the largest image beside them. What cannot be
   * removed is logged.
   *
   * @param digests the images that are needed
   * @param urls the addresses whose image is needed, but was not fetched yet, so that its digest is
   *     not known: what has begun to come from there is kept, and what came already
   */
  void prune(Set<Sha256> digests, Set<String> urls);

  /** Removes likewise where each image that is needed is known by its digest. */
  default void prune(Set<Sha256> digests) {
    prune(digests, Set.of());
  }
}
