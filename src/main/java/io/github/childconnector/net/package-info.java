/**
 * Hosts and how they are reached: {@link io.github.childconnector.net.Hosts} reads their names in
 * every spelling that a resolver takes, {@link io.github.childconnector.net.Authority} finds one in
 * an address, {@link io.github.childconnector.net.Dialer} connects to whichever of its addresses
 * answers.
 *
 * <p>A leaf: imports nothing of this program, and every other package may import it.
 */
@NullMarked
package io.github.childconnector.net;

import org.jspecify.annotations.NullMarked;
