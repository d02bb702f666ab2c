/**
 * Servers of the gateway's own, for those families of adapters whose devices come to it by HTTP:
 * where they listen, how devices log in, and how many are answered at a time.
 *
 * <p>May import the leaves alone.
 */
@NullMarked
package io.github.childconnector.adapter.server;

import org.jspecify.annotations.NullMarked;
