/**
 * A device that speaks Drogue DFU, made from the sources of embedded-update, drogue-device and
 * embassy-boot, and of nothing else: it shares no line with the connector, so that both check each
 * other. Needs nothing but Java, so that it can also be a process of its own.
 */
@NullMarked
package io.github.childconnector.adapter.drogue.device;

import org.jspecify.annotations.NullMarked;
