/**
 * What the service manager is told: readiness, a status line, the watchdog; and what it asks for:
 * SIGHUP.
 *
 * <p>Imports nothing of this program but the leaf {@code clock}.
 */
@NullMarked
package io.github.childconnector.systemd;

import org.jspecify.annotations.NullMarked;
