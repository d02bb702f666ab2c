/**
 * TLS trust and client certificates from PEM files, for the broker, the file server and devices.
 *
 * <p>Imports nothing of this program but the leaf {@code net}; every package may import it.
 */
@NullMarked
package io.github.childconnector.tls;

import org.jspecify.annotations.NullMarked;
