/**
 * Devices that come by themselves, for those families of adapters that await them: servers of the
 * gateway's own, where they listen, how devices log in, and how many are answered at a time.
 *
 * <p>May import the leaves alone.
 */
@NullMarked
package io.github.childconnector.adapter.endpoint;

import org.jspecify.annotations.NullMarked;
