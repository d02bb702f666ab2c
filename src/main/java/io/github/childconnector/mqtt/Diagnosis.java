package io.github.childconnector.mqtt;

import io.github.childconnector.clock.DurationText;
import io.github.childconnector.mqtt.BrokerSocket.UnreachableException;
import io.github.childconnector.mqtt.PacketGate.ForeignPeerException;
import io.github.childconnector.mqtt.PacketGate.Peer;
import io.github.childconnector.tls.TlsFault;
import io.github.childconnector.tls.TlsFault.Words;
import java.io.EOFException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;

/** Says what is wrong with the connection to one broker, and the remedy, in one sentence each. */
final class Diagnosis {
  /** The name of the first question, which only a broker answers. */
  static final String CONNECT = "the request to connect";

  private static final int PROTOCOL_VERSION = 132;
  private static final int CLIENT_ID = 133;
  private static final int BAD_PASSWORD = 134;
  private static final int NOT_AUTHORIZED = 135;
  private static final int UNAVAILABLE = 136;
  private static final int BUSY = 137;
  private static final int BANNED = 138;
  private static final int SHUTTING_DOWN = 139;
  private static final int TAKEN_OVER = 142;
  private static final int TOPIC_INVALID = 144;
  private static final int PACKET_TOO_LARGE = 149;
  private static final int PAYLOAD_INVALID = 153;
  private static final Set<Integer> PERMANENT =
      Set.of(NOT_AUTHORIZED, TOPIC_INVALID, PACKET_TOO_LARGE, PAYLOAD_INVALID);

  private final MqttSettings settings;
  private final String broker;

  Diagnosis(MqttSettings settings) {
    this.settings = settings;
    this.broker = "the broker at " + settings.address();
  }

  private String key(String name) {
    return settings.key(name);
  }

  /** Whether a number comes from the broker; the library uses larger ones for itself. */
  static boolean isCode(int code) {
    return code > 0 && code < 256;
  }

  /** The connection could not be made, or ended before the broker had accepted it. */
  String unreachable(Throwable cause) {
    if (cause instanceof UnreachableException && cause.getCause() != null) {
      return unconnected(cause.getCause());
    }
    if (cause instanceof ForeignPeerException foreign) {
      return foreign(foreign.peer());
    }
    if (cause instanceof SSLException) {
      return TlsFault.of(cause, tlsWords()).sentence();
    }
    if (cause instanceof EOFException || cause instanceof SocketException) {
      return "%s ended the connection without an answer: it may want %s, or not speak MQTT 5"
          .formatted(
              broker,
              settings.tls().isPresent() ? key("cert_file") : "TLS (" + key("ca_file") + ")");
    }
    return "cannot connect to %s (%s): does it speak MQTT 5 at this port?".formatted(broker, cause);
  }

  /** No TCP connection could be made. */
  private String unconnected(Throwable cause) {
    if (cause instanceof UnknownHostException) {
      return "the name of %s is not known to the name service: correct %s, or the name service"
          .formatted(broker, key("host"));
    }
    if (cause instanceof SocketTimeoutException) {
      return "cannot reach %s: nothing answers; check %s, %s and what lies between (firewall, network)"
          .formatted(broker, key("host"), key("port"));
    }
    if (cause instanceof NoRouteToHostException) {
      return "there is no way to %s (%s): check this machine's network, its routes and firewall, and %s"
          .formatted(broker, cause.getMessage(), key("host"));
    }
    return "cannot connect to %s (%s): is it running, and are %s and %s right?"
        .formatted(broker, cause.getMessage(), key("host"), key("port"));
  }

  private String foreign(Peer peer) {
    return switch (peer) {
      case OLD_BROKER -> old();
      case HTTP ->
          "a web server answers for %s: correct %s and %s"
              .formatted(broker, key("host"), key("port"));
      case TLS ->
          "%s speaks TLS at this port: set %s to its CA, or correct %s"
              .formatted(broker, key("ca_file"), key("port"));
      case UNKNOWN ->
          "%s does not speak MQTT at this port: correct %s and %s"
              .formatted(broker, key("host"), key("port"));
    };
  }

  private String old() {
    return broker + " does not speak MQTT 5: a newer one is needed, such as mosquitto 1.6 or 2.0";
  }

  private Words tlsWords() {
    return new Words(
        broker,
        "correct %s, or remove %s".formatted(key("port"), key("ca_file")),
        "set %s to a name it holds".formatted(key("host")),
        key("ca_file"),
        "set %s and %s to one that it accepts".formatted(key("cert_file"), key("key_file")));
  }

  /** The broker has sent what it was told not to. */
  String brokenPromise(String what) {
    return "%s has sent %s: it breaks MQTT 5, or something between changes what it sends"
        .formatted(broker, what);
  }

  /** The broker has no session for us, although it had one. */
  String forgotten() {
    return "%s has forgotten our session, and with it the requests that came while we were away: it was restarted without persistence, or another client with the id \"%s\" ended the session"
        .formatted(broker, settings.clientId());
  }

  /** The broker answered, and said no. */
  String refused(int code) {
    return switch (code) {
      case BAD_PASSWORD, NOT_AUTHORIZED -> broker + " refuses us: " + credentials();
      case CLIENT_ID ->
          "%s refuses the client id \"%s\": set another %s"
              .formatted(broker, settings.clientId(), key("client_id"));
      case PROTOCOL_VERSION, 1 -> old();
      case BANNED -> broker + " has banned this client: ask the broker's administrator";
      case UNAVAILABLE, BUSY -> broker + " is busy or not ready yet; its log says why";
      default -> broker + " refuses the connection with MQTT code " + code + "; its log says why";
    };
  }

  private String credentials() {
    return settings
        .login()
        .map(
            login ->
                "the user name \"%s\" or its password is wrong, or it may not connect as \"%s\"; check %s and %s"
                    .formatted(
                        login.username(),
                        settings.clientId(),
                        key("username"),
                        key("password_file")))
        .orElse(
            "it wants a user name and password; set %s and %s"
                .formatted(key("username"), key("password_file")));
  }

  /** An accepted connection broke. */
  String broken() {
    return "the connection to %s is lost; if it does not come back, check that the broker runs"
        .formatted(broker);
  }

  /** The broker ended an accepted connection, and said why. */
  String ended(int code) {
    return switch (code) {
      case TAKEN_OVER -> rivalry();
      case SHUTTING_DOWN -> broker + " is shutting down";
      default -> broker + " ended the connection with MQTT code " + code + "; its log says why";
    };
  }

  /** The broker ends every connection soon after it was made, without saying why. */
  String rivalry() {
    return "the connection to %s is lost again and again soon after it was made: another client probably uses the client id \"%s\" too; set %s to a name of its own"
        .formatted(broker, settings.clientId(), key("client_id"));
  }

  String unanswered(String what, Duration limit) {
    return "%s has not answered %s within %s: is it overloaded, %s?"
        .formatted(
            broker,
            what,
            DurationText.write(limit),
            what.equals(CONNECT)
                ? "or the network gone, or is it no MQTT broker at this port"
                : "or the network gone");
  }

  String subscriptionsRefused(List<String> filters, int code) {
    String further = filters.size() > 1 ? " and %d more".formatted(filters.size() - 1) : "";
    return "%s refuses the subscription to %s%s (MQTT code %d): allow it to %s in the broker's ACL"
        .formatted(broker, filters.get(0), further, code, self());
  }

  String inFlightUnreadable() {
    return broker
        + " allows more than 32767 messages in flight, which the MQTT library cannot read:"
        + " lower its setting (mosquitto: max_inflight_messages 20)";
  }

  String withoutQos() {
    return broker + " only offers QoS 0: allow QoS 1 there (mosquitto: max_qos 2)";
  }

  PublishException notPublished(String topic, int code) {
    String remedy =
        switch (code) {
          case NOT_AUTHORIZED -> "allow it to " + self() + " in the broker's ACL";
          case PACKET_TOO_LARGE -> "raise the broker's limit (mosquitto: max_packet_size)";
          default -> "its log says why";
        };
    return new PublishException(
        broker + " refuses a message to %s (MQTT code %d): %s".formatted(topic, code, remedy),
        PERMANENT.contains(code));
  }

  PublishException tooLarge(String topic, long bytes, long limit) {
    return new PublishException(
        "a message to %s would take %d bytes, and %s takes at most %d (mosquitto: max_packet_size)"
            .formatted(topic, bytes, broker, limit),
        true);
  }

  private String self() {
    return settings
        .login()
        .map(login -> "user \"%s\"".formatted(login.username()))
        .orElse("client \"%s\"".formatted(settings.clientId()));
  }
}
