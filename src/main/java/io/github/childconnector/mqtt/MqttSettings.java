package io.github.childconnector.mqtt;

import io.github.childconnector.tls.TlsSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A broker and how to log in there; the gateway's own is in the {@code [mqtt]} section.
 *
 * @param host name or address of the broker
 * @param port its port
 * @param clientId the name under which the broker keeps our session while we are away
 * @param login user name and password, where the broker wants them
 * @param tls how to speak TLS; empty for plain TCP
 * @param session whether the broker keeps our subscriptions and messages while we are away
 * @param largestMessage in bytes with its topic, the largest that is published or received
 * @param section where its keys are, for sentences that name one: {@code mqtt}
 */
public record MqttSettings(
    String host,
    int port,
    String clientId,
    Optional<Login> login,
    Optional<TlsSettings> tls,
    boolean session,
    long largestMessage,
    String section) {
  /** The usual limit: far above any status, far below what a small heap can hold. */
  static final long USUAL_LARGEST_MESSAGE = 256 << 10;

  /** Refuses what no broker could take. */
  public MqttSettings {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the host of the broker is empty");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
    if (clientId.isBlank()) {
      throw new IllegalArgumentException("the client id is empty");
    }
  }

  /** Settings with messages of up to 256 KiB. */
  public MqttSettings(
      String host,
      int port,
      String clientId,
      Optional<Login> login,
      Optional<TlsSettings> tls,
      boolean session) {
    this(host, port, clientId, login, tls, session, USUAL_LARGEST_MESSAGE, "mqtt");
  }

  /** The same, with messages of up to this number of bytes. */
  public MqttSettings withLargestMessage(long bytes) {
    return new MqttSettings(host, port, clientId, login, tls, session, bytes, section);
  }

  /** A key as sentences name it, for example {@code mqtt.host}. */
  String key(String name) {
    return section + "." + name;
  }

  /**
   * A user name and the file whose first line is its password.
   *
   * @param passwordFile read at every connection, so that a changed password needs no restart
   */
  public record Login(String username, Optional<Path> passwordFile) {}

  /** The broker's name in log lines, for example {@code 127.0.0.1:1883}. */
  public String address() {
    return host + ":" + port;
  }
}
