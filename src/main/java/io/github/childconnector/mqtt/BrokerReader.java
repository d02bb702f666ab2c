package io.github.childconnector.mqtt;

import io.github.childconnector.mqtt.MqttSettings.Login;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.tls.TlsSettings.Identity;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads where a broker is and how to log in there, by the keys of {@code [mqtt]}, in whichever
 * section they stand. TLS is spoken if, and only if, {@code ca_file} says whom to trust.
 */
public final class BrokerReader {
  private static final String USERNAME = "username";
  private static final String PASSWORD = "password_file";
  private static final String TRUST = "ca_file";
  private static final String CERTIFICATE = "cert_file";
  private static final String KEY = "key_file";

  /** MQTT bounds an id by 65,535 bytes only, but not every broker takes that much. */
  private static final int LONGEST_ID = 200;

  private static final Kind<String> CLIENT_ID =
      Kinds.matching(
          "(?=.*\\S)\\P{Cntrl}{1," + LONGEST_ID + "}",
          "1 to " + LONGEST_ID + " characters, none of them a control one");

  private final Section section;
  private final String host;
  private final int port;
  private final Optional<String> clientId;
  private final Optional<String> username;
  private final Optional<Path> passwordFile;
  private final Optional<Path> trust;
  private final Optional<Identity> identity;

  // Of the gateway's own broker, which has a usual id, the files must be there.
  private BrokerReader(Section section, Optional<String> usualId, Kind<String> names) {
    Kind<Path> file = usualId.isPresent() ? Places.FILE : Places.PATH;
    Kind<Path> fileOrDirectory = usualId.isPresent() ? Places.FILE_OR_DIRECTORY : Places.PATH;
    this.section = section;
    host = section.value("host", Places.HOST, "127.0.0.1");
    port = section.value("port", Kinds.PORT, 1883);
    clientId =
        usualId
            .map(usual -> section.value("client_id", CLIENT_ID, usual))
            .or(() -> section.optional("client_id", CLIENT_ID));
    section.together(USERNAME, PASSWORD);
    username = section.optional(USERNAME, names);
    passwordFile = section.optional(PASSWORD, file);
    trust = section.optional(TRUST, fileOrDirectory);
    if (trust.isEmpty()) {
      section.disinherit(CERTIFICATE, KEY);
    }
    identity = Places.identity(section, CERTIFICATE, KEY, file);
  }

  /** Reads the section of the gateway's own broker; the files must be there. */
  public static MqttSettings gateway(Section section, String clientId) {
    return new BrokerReader(section, Optional.of(clientId), Kinds.LINE).broker(clientId, true);
  }

  /** Reads the keys in the section of a child, without looking for the files. */
  public BrokerReader(Section section) {
    this(section, Kinds.LINE);
  }

  /** The same where only some user names are possible. */
  public BrokerReader(Section section, Kind<String> names) {
    this(section, Optional.empty(), names);
  }

  /** The user name, of whoever shows it. */
  public Optional<String> username() {
    return username;
  }

  /** The file with the password for it. */
  public Optional<Path> passwordFile() {
    return passwordFile;
  }

  /** The certificate, of whoever shows it. */
  public Optional<Identity> identity() {
    return identity;
  }

  /**
   * The broker, without a session there.
   *
   * @param usualId the client id where none is set
   */
  public MqttSettings broker(String usualId) {
    return broker(usualId, false);
  }

  private MqttSettings broker(String usualId, boolean session) {
    if (username.isEmpty() && passwordFile.isPresent() && !section.isRefused(USERNAME)) {
      section.problem(PASSWORD, "needs username too");
    }
    if (trust.isEmpty() && identity.isPresent() && !section.isRefused(TRUST)) {
      section.problem(CERTIFICATE, "needs ca_file too, without which no TLS is spoken");
    }
    if (clientId.isEmpty() && usualId.length() > LONGEST_ID) {
      section.problem(
          "client_id",
          "is missing, and what would stand for it is longer than "
              + LONGEST_ID
              + " characters; set it");
    }
    Optional<Login> login = username.map(name -> new Login(name, passwordFile));
    Optional<TlsSettings> tls = trust.map(path -> new TlsSettings(Optional.of(path), identity));
    String id = clientId.orElse(usualId);
    long largest = MqttSettings.USUAL_LARGEST_MESSAGE;
    return new MqttSettings(host, port, id, login, tls, session, largest, section.name());
  }
}
