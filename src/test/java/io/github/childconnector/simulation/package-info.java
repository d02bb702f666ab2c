/**
 * The engine in a simulation: one thread at a time, chosen by a seed, virtual time that moves
 * exactly when all threads wait, and every disk call, publication and device call a place where
 * another thread may go on, where the process may be killed, or where the power may go.
 *
 * <p>A {@link io.github.childconnector.simulation.Scheduler} stands in for clock and threads; a
 * {@link io.github.childconnector.simulation.World} is what a kill does not touch; a {@link
 * io.github.childconnector.simulation.Life} is one process of the connector in it.
 */
@NullMarked
package io.github.childconnector.simulation;

import org.jspecify.annotations.NullMarked;
