/**
 * The program's log: {@link io.github.childconnector.log.Logging} sends it to standard error,
 * {@link io.github.childconnector.log.Logging.LogFormat} decides what a line looks like in the
 * journal and on a terminal. Every package writes through {@link java.lang.System.Logger}.
 *
 * <p>Imports nothing of this program; every package may import it.
 */
@NullMarked
package io.github.childconnector.log;

import org.jspecify.annotations.NullMarked;
