/**
 * What simulated devices have in common: a flash that survives them, steps at which they may be
 * ended, and a command line. The devices themselves are with the tests of their families; {@code
 * examples/simulators/run.sh} starts them as processes of their own.
 */
@NullMarked
package io.github.childconnector.device;

import org.jspecify.annotations.NullMarked;
