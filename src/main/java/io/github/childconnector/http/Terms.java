package io.github.childconnector.http;

import io.github.childconnector.clock.Threads;
import io.github.childconnector.http.HttpClients.Trust;
import java.time.Duration;

/**
 * How a host is reached.
 *
 * @param trust for https
 * @param connect how long a connection may take, all addresses of the host together
 * @param threads makes the thread that asks the name service, which nobody can interrupt
 */
public record Terms(Trust trust, Duration connect, Threads threads) {}
