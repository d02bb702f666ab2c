package io.github.childconnector.image;

import io.github.childconnector.operation.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * An image that is to be fetched.
 *
 * @param name of its files until it is whole: the digest that was promised, or the SHA-256 of the
 *     address, which {@code .url} keeps apart from digests
 * @param digest what was promised of its bytes; empty where nobody has promised anything
 */
record Wanted(String name, Optional<Sha256> digest) {
  private static final String OF_AN_ADDRESS = ".url";

  /** The image with this digest. */
  static Wanted promised(Sha256 digest) {
    return new Wanted(digest.hex(), Optional.of(digest));
  }

  /** Whatever lies at this address. */
  static Wanted at(String url) {
    Sha256 address = Sha256.of(url.getBytes(StandardCharsets.UTF_8));
    return new Wanted(address.hex() + OF_AN_ADDRESS, Optional.empty());
  }

  boolean isPromised() {
    return digest.isPresent();
  }
}
