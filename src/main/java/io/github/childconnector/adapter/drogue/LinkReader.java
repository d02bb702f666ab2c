package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.tls.TlsSettings.Identity;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads where the devices' broker is, by the keys of the section {@code [mqtt]}, and how we, or the
 * devices, show who they are.
 */
final class LinkReader {
  private static final Pattern HOST = Pattern.compile("[^\\s/]{1,255}");
  private static final Pattern CLIENT_ID = Pattern.compile("\\P{Cntrl}{1,200}");

  /** The same for all children that share a connection. */
  private static final String USUAL_CLIENT = "tedge-child-connector-drogue";

  private final AdapterSettings settings;
  private final String host;
  private final int port;
  private final Optional<String> clientId;
  private final Optional<String> username;
  private final Optional<Path> passwordFile;
  private final Optional<Path> trust;
  private final Optional<Identity> identity;

  LinkReader(AdapterSettings settings) {
    this.settings = settings;
    host =
        matching(
            "host", "127.0.0.1", HOST, "must be a name or an address, without scheme and port");
    port = settings.number("port", 1883, 1, 65535);
    clientId = settings.string("client_id");
    username = settings.string("username");
    passwordFile = settings.path("password_file");
    trust = settings.path("ca_file");
    identity = readIdentity();
  }

  private String matching(String key, String usual, Pattern form, String problem) {
    String text = settings.string(key).orElse(usual);
    if (form.matcher(text).matches() && !text.isBlank()) {
      return text;
    }
    settings.problem(key, problem);
    return usual;
  }

  private Optional<Identity> readIdentity() {
    Optional<Path> certificate = settings.path("cert_file");
    Optional<Path> key = settings.path("key_file");
    if (certificate.isPresent() != key.isPresent()) {
      settings.problem(
          certificate.isPresent() ? "key_file" : "cert_file", "is missing; set both or none");
    }
    return certificate.flatMap(shown -> key.map(its -> new Identity(shown, its)));
  }

  Optional<String> username() {
    return username;
  }

  Optional<Path> passwordFile() {
    return passwordFile;
  }

  Optional<Identity> identity() {
    return identity;
  }

  /**
   * As for the gateway's own broker, TLS is spoken if and only if it is said whom to trust.
   *
   * @param purpose tells connections apart that are to the same broker
   */
  MqttSettings broker(String purpose) {
    if (username.isEmpty() && passwordFile.isPresent()) {
      settings.problem("password_file", "needs username too");
    }
    if (trust.isEmpty() && identity.isPresent()) {
      settings.problem("cert_file", "needs ca_file too, without which no TLS is spoken");
    }
    Optional<TlsSettings> tls = trust.map(path -> new TlsSettings(Optional.of(path), identity));
    Optional<MqttSettings.Login> login =
        username.map(name -> new MqttSettings.Login(name, passwordFile));
    return new MqttSettings(host, port, clientId(purpose), login, tls, false);
  }

  /** A broker throws out whoever has the id of another. */
  private String clientId(String purpose) {
    String usual = USUAL_CLIENT + purpose + username.map("-"::concat).orElse("");
    String id = clientId.orElse(usual);
    if (CLIENT_ID.matcher(id).matches() && !id.isBlank()) {
      return id;
    }
    settings.problem("client_id", "must have 1 to 200 characters, none of them a control one");
    return usual;
  }
}
