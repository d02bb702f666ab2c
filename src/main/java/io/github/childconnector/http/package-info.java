/**
 * The program's HTTP clients: {@link io.github.childconnector.http.HttpClients} makes the clients,
 * {@link io.github.childconnector.http.Exchange} reaches hosts by every name and address, {@link
 * io.github.childconnector.http.StallWatch} bounds what they wait for, {@link
 * io.github.childconnector.http.HttpFault} says what they have thrown.
 *
 * <p>Imports nothing of this program but the leaves; every package may import it.
 */
@NullMarked
package io.github.childconnector.http;

import org.jspecify.annotations.NullMarked;
