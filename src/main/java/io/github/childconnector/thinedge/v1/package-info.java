/**
 * The contract of thin-edge 1.0 and later, version 1 of its own topics: commands as retained
 * messages that their requester clears, registrations, and the health of our service.
 *
 * <p>A {@link io.github.childconnector.thinedge.v1.Command} is kept as it came, unknown fields and
 * all, in the {@link io.github.childconnector.thinedge.v1.CommandStore} until its clear was seen.
 * May import {@code operation} and {@code thinedge}; a {@link
 * io.github.childconnector.thinedge.v1.Registration} is only compared here, and published by
 * others.
 */
@NullMarked
package io.github.childconnector.thinedge.v1;

import org.jspecify.annotations.NullMarked;
