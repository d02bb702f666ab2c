/**
 * The link to the broker: connect, reconnect, subscribe again, publish, acknowledge.
 *
 * <p>The only importer of the MQTT library, in one class behind {@link
 * io.github.childconnector.mqtt.MqttLink}, so that another library can take its place. May import
 * the leaves {@code clock} and {@code tls}.
 */
@NullMarked
package io.github.childconnector.mqtt;

import org.jspecify.annotations.NullMarked;
