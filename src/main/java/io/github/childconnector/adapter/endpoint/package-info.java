/**
 * Devices that come by themselves, for those families of adapters that await them: servers of the
 * gateway's own, where they listen, how devices log in, and how many are answered at a time.
 *
 * <p>May import {@code settings} and the leaves.
 */
@NullMarked
package io.github.childconnector.adapter.endpoint;

import org.jspecify.annotations.NullMarked;
