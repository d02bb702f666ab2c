/**
 * The link to the broker: connect, reconnect, subscribe again, publish, acknowledge.
 *
 * <p>The only importer of the MQTT library, and in it only the classes whose names begin with
 * {@code Paho}, behind {@link io.github.childconnector.mqtt.MqttLink}, so that another library can
 * take its place: {@code PahoConnection} is one connection from attempt to end, {@code
 * PahoPublisher}, {@code PahoSubscriber} and {@code PahoAnswers} are parts of it. May import {@code
 * settings}, of whose sections it reads brokers, and the leaves {@code clock} and {@code tls}.
 *
 * <p>Threads: {@code mqtt-link} connects, waits for the loss, pauses, and connects again; {@code
 * mqtt-delivery} calls the listener; the library has up to five more for each connection, which
 * only ever put something into a queue or complete a {@code PahoAnswers.Answer} of ours. The
 * library waits for ever in several places; what keeps it from that is said where it is done, in
 * {@code BrokerSocket}, {@code PahoAnswers} and {@code PahoConnection}.
 *
 * <p>Our session at the broker lasts for 30 days after we were last there. Messages larger than
 * {@link io.github.childconnector.mqtt.MqttSettings#largestMessage}, usually 256 KiB, are neither
 * delivered to us nor published, and no more than 20 are delivered that are not acknowledged.
 */
@NullMarked
package io.github.childconnector.mqtt;

import org.jspecify.annotations.NullMarked;
