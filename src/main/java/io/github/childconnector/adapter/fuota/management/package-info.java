/**
 * A server at an address of the loopback, with the routes of the reference server, by which scripts
 * of the gateway manage devices of {@code adapter = "fuota"}; and the images they put, which are
 * offered to those devices as those of an update are.
 *
 * <p>May import {@code adapter.endpoint}, {@code image}, {@code operation} and the leaves.
 */
@NullMarked
package io.github.childconnector.adapter.fuota.management;

import org.jspecify.annotations.NullMarked;
