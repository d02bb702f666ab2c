package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.MqttSettings.Login;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.tls.TlsSettings.Identity;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads where the devices' broker is; the keys are those of the section {@code [mqtt]}. */
final class BrokerReader {
  private static final Pattern HOST = Pattern.compile("[^\\s/]{1,255}");
  private static final Pattern CLIENT_ID = Pattern.compile("\\P{Cntrl}{1,200}");

  /** The one of Sming's sample: whoever uses it throws the devices out. */
  private static final String DEVICE_ID = "sming";

  /** What surrounds the image in a message: above all the topic. */
  private static final int ENVELOPE = 1024;

  private final ChildId child;
  private final AdapterSettings settings;

  BrokerReader(ChildId child, AdapterSettings settings) {
    this.child = child;
    this.settings = settings;
  }

  /** The broker, which takes messages with a payload of up to so many bytes. */
  MqttSettings read(long largestPayload) {
    String host = host();
    int port = settings.number("port", 1883, 1, 65535);
    return new MqttSettings(host, port, clientId(), login(), tls(), false)
        .withLargestMessage(largestPayload + ENVELOPE);
  }

  private String host() {
    String host = settings.string("host").orElse("127.0.0.1");
    if (HOST.matcher(host).matches()) {
      return host;
    }
    settings.problem("host", "must be a name or an address, without scheme and port");
    return "?";
  }

  private String clientId() {
    String own = "tedge-child-connector-" + child.value();
    String id = settings.string("client_id").orElse(own);
    if (id.equals(DEVICE_ID)) {
      settings.problem(
          "client_id", "must not be \"sming\", which devices use: the broker would throw them out");
    }
    if (CLIENT_ID.matcher(id).matches() && !id.isBlank()) {
      return id;
    }
    settings.problem("client_id", "must have 1 to 200 characters, none of them a control one");
    return own;
  }

  private Optional<Login> login() {
    Optional<String> username = settings.string("username");
    Optional<Path> password = settings.path("password_file");
    if (username.isEmpty() && password.isPresent()) {
      settings.problem("password_file", "needs username too");
    }
    return username.map(name -> new Login(name, password));
  }

  /** As for the gateway's own broker, TLS is spoken if and only if it is said whom to trust. */
  private Optional<TlsSettings> tls() {
    Optional<Path> trust = settings.path("ca_file");
    Optional<Path> certificate = settings.path("cert_file");
    Optional<Path> key = settings.path("key_file");
    if (certificate.isPresent() && key.isEmpty()) {
      settings.problem("cert_file", "needs key_file too; set both or none");
    }
    if (key.isPresent() && certificate.isEmpty()) {
      settings.problem("key_file", "needs cert_file too; set both or none");
    }
    if (trust.isEmpty() && certificate.isPresent()) {
      settings.problem("cert_file", "needs ca_file too, without which no TLS is spoken");
    }
    Optional<Identity> identity =
        certificate.flatMap(shown -> key.map(its -> new Identity(shown, its)));
    return trust.map(path -> new TlsSettings(Optional.of(path), identity));
  }
}
