/**
 * The service manager: it is told of readiness, a status line and the watchdog, and asks by SIGHUP.
 *
 * <p>Imports nothing of this program but the leaf {@code clock}.
 */
@NullMarked
package io.github.childconnector.systemd;

import org.jspecify.annotations.NullMarked;
