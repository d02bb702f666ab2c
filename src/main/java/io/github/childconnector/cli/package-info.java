/**
 * The operator's commands, one class each, and the exit codes.
 *
 * <p>A command is a {@code Callable<Integer>} with picocli's annotations; it gets what it needs
 * from the rest of the program by its constructor and gives up with a {@link
 * io.github.childconnector.cli.CommandException}, or the configuration's own exception. The daemon
 * does not load picocli: {@code Main} reads the words {@code run --config FILE} itself. May import
 * every package but the root and the device families' ({@code adapter.*}).
 */
@NullMarked
package io.github.childconnector.cli;

import org.jspecify.annotations.NullMarked;
