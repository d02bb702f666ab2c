package io.github.childconnector.adapter.fuota.management;

import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.ListenAddress;

/**
 * The place where scripts of this gateway may do what the reference server lets them do.
 *
 * @param listen an address of the loopback
 * @param credentials what the scripts log in with
 */
public record ManagementSettings(ListenAddress listen, BasicLogin credentials) {}
