package io.github.childconnector.image;

import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
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
   * The image with this digest, from the store or else from {@code url}. For one digest, one call
   * at a time.
   *
   * @throws UpdateException it is not to be had; the failure says why
   */
  FirmwareImage fetch(Sha256 digest, String url, FetchProgress progress)
      throws UpdateException, InterruptedException;

  /** The image with this digest, if it is stored, after its bytes have been compared again. */
  Optional<FirmwareImage> find(Sha256 digest) throws UpdateException, InterruptedException;

  /** Removes what belongs to none of these digests, but for the newest few images. */
  void prune(Set<Sha256> needed);
}
