/**
 * The world around a connector in tests (a gateway with broker, file server and devices, the daemon
 * as a process, what is recorded of it), how it is broken at every step, and how an operation's end
 * is judged.
 */
@NullMarked
package io.github.childconnector.world;

import org.jspecify.annotations.NullMarked;
