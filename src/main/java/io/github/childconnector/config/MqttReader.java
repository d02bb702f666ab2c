package io.github.childconnector.config;

import io.github.childconnector.mqtt.MqttSettings;
import io.github.childconnector.mqtt.MqttSettings.Login;
import io.github.childconnector.thinedge.TedgeToml;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.tls.TlsSettings.Identity;
import java.nio.file.Path;
import java.util.Optional;

/** Reads the {@code [mqtt]} section; what it leaves out, thin-edge's own clients use too. */
final class MqttReader {
  private static final String CLIENT_ID = "tedge-child-connector";
  private static final int USUAL_PORT = 1883;
  private static final Kind<String> ID =
      Kinds.matching(
          id -> id.matches("\\P{Cntrl}{1,128}"), "1 to 128 characters, none of them a control one");

  private final Section section;
  private final TedgeToml tedge;

  MqttReader(Section section, TedgeToml tedge) {
    this.section = section;
    this.tedge = tedge;
  }

  MqttSettings read() {
    return new MqttSettings(
        section.value("host", Places.HOST, Node.inherited(tedge.mqttHost()), "127.0.0.1"),
        section.value("port", Amounts.PORT, Node.inherited(tedge.mqttPort()), USUAL_PORT),
        section.value("client_id", ID, CLIENT_ID),
        login(),
        tls(),
        true);
  }

  private Optional<Login> login() {
    boolean own = section.has("username") || section.has("password_file");
    Optional<Node> usualName = own ? Optional.empty() : Node.inherited(tedge.username());
    Optional<Node> usualFile = own ? Optional.empty() : Node.inherited(tedge.passwordFile());
    Optional<String> username = section.optional("username", Kinds.TEXT, usualName);
    Optional<Path> password = section.optional("password_file", Places.FILE, usualFile);
    if (username.isEmpty() && password.isPresent() && !section.isRefused("username")) {
      section.problem("password_file", "needs username too");
    }
    return username.map(name -> new Login(name, password));
  }

  /** Like thin-edge, speaks TLS if and only if it knows whom to trust. */
  private Optional<TlsSettings> tls() {
    Optional<Node> usual = Node.inherited(tedge.caFile()).or(() -> Node.inherited(tedge.caDir()));
    Optional<Path> trust = section.optional("ca_file", Places.FILE_OR_DIRECTORY, usual);
    Optional<Node> cert = trust.flatMap(tls -> Node.inherited(tedge.certFile()));
    Optional<Node> key = trust.flatMap(tls -> Node.inherited(tedge.keyFile()));
    Optional<Identity> identity = TlsReader.identity(section, cert, key);
    if (trust.isEmpty() && identity.isPresent() && !section.isRefused("ca_file")) {
      section.problem("cert_file", "needs ca_file too, without which no TLS is spoken");
    }
    return trust.map(path -> new TlsSettings(Optional.of(path), identity));
  }
}
