/**
 * TLS trust and client certificates from PEM files, for the broker and for the file server.
 *
 * <p>Imports nothing of this program; {@code mqtt}, {@code image} and the root may import it.
 */
@NullMarked
package io.github.childconnector.tls;

import org.jspecify.annotations.NullMarked;
