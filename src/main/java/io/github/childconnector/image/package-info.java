/**
 * The way from an address to an image that may be given to a device: fetch, resume, verify, store.
 *
 * <p>Only this package can construct a {@link io.github.childconnector.image.FirmwareImage}, and it
 * does so only after the SHA-256 of the file's bytes has been compared. May import {@code
 * operation}, {@code http} and the leaves.
 */
@NullMarked
package io.github.childconnector.image;

import org.jspecify.annotations.NullMarked;
