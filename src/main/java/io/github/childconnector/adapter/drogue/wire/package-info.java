/**
 * The messages of Drogue DFU as they are on the wire: what a device says ({@link
 * io.github.childconnector.adapter.drogue.wire.Status}), what it is told ({@link
 * io.github.childconnector.adapter.drogue.wire.DfuCommand}), and the forms both have ({@link
 * io.github.childconnector.adapter.drogue.wire.Codec}): CBOR on networks, postcard on serial lines.
 *
 * <p>May import nothing of this program.
 */
@NullMarked
package io.github.childconnector.adapter.drogue.wire;

import org.jspecify.annotations.NullMarked;
