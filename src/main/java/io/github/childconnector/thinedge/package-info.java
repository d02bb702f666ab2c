/**
 * The contract with thin-edge.io: topics, requests, statuses, and its configuration file.
 *
 * <p>The legacy contract, served by thin-edge's c8y-firmware-plugin since 0.10. {@link
 * io.github.childconnector.thinedge.TedgeToml} reads thin-edge's own settings. May import {@code
 * operation}, {@code update}, {@code mqtt}, {@code settings}.
 */
@NullMarked
package io.github.childconnector.thinedge;

import org.jspecify.annotations.NullMarked;
