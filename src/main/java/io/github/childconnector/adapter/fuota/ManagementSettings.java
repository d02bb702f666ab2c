package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.server.BasicLogin;
import io.github.childconnector.adapter.server.ListenAddress;

/**
 * Where scripts of this gateway may do what the reference server lets them do.
 *
 * @param listen an address of the loopback
 * @param credentials what the scripts log in with
 */
record ManagementSettings(ListenAddress listen, BasicLogin credentials) {}
