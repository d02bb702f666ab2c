/**
 * The monotonic clock on which every wait of this program is bounded, with the timers, deadlines
 * and pauses made from it, and the threads that wait.
 *
 * <p>The law: threads, pools, queues and locks are made by {@link
 * io.github.childconnector.clock.Threads}, and whoever sleeps, waits for another thread, for a
 * result or for the end of a pool does so by it or on the clock. So a test can put a scheduler of
 * its own in the place of both: one thread at a time, in an order that can be repeated, and time
 * that moves when all of them wait. What waits for a thread of a library, such as that of the HTTP
 * client, cannot obey; {@code PortsTest} names each such class, and refuses all others.
 *
 * <p>Nothing here knows the time of day: a gateway whose clock is set by hours in the middle of an
 * update must behave as if nothing had happened. Imports nothing of this program; every package may
 * import it.
 */
@NullMarked
package io.github.childconnector.clock;

import org.jspecify.annotations.NullMarked;
