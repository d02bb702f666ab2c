/**
 * The program's beginning, where its parts are put together: {@link io.github.childconnector.Main}
 * takes the command line, {@link io.github.childconnector.Connector} is the daemon.
 *
 * <p>May import every package but the device families' ({@code adapter.*}); nothing imports it,
 * which is why the exit codes, shared with the operator's commands, are in {@code cli}.
 */
@NullMarked
package io.github.childconnector;

import org.jspecify.annotations.NullMarked;
