/**
 * The monotonic clock on which every wait of this program is bounded, with the timers, deadlines
 * and pauses made from it.
 *
 * <p>Nothing here knows the time of day: a gateway whose clock is set by hours in the middle of an
 * update must behave as if nothing had happened. Imports nothing of this program; every package may
 * import it.
 */
@NullMarked
package io.github.childconnector.clock;

import org.jspecify.annotations.NullMarked;
