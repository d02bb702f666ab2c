package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.AdapterSettings;
import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.adapter.fuota.management.ManagementSettings;
import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.tls.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a child's {@code [child.fuota]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Path NOWHERE = Path.of("/");
  private static final Path DIRECTORY = Path.of("/var/lib/tedge-child-connector/fuota");
  private static final ListenAddress EVERYWHERE = new ListenAddress("0.0.0.0", 50443);
  private static final Pattern SERVER_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.:-]{0,63}");
  private static final Pattern DEVICE_ID = Pattern.compile("[^/?#%\\s]{1,128}");

  /** A slot of the partition table that the example client comes with. */
  private static final long SLOT = 0x180000;

  private final ChildId child;
  private final AdapterSettings settings;

  SettingsReader(ChildId child, AdapterSettings settings) {
    this.child = child;
    this.settings = settings;
  }

  FuotaSettings read() {
    return new FuotaSettings(
        listen(),
        identity(),
        deviceId(),
        credentials(),
        slotSize(),
        settings.flag("check_image", true),
        pollTimeout(),
        management());
  }

  private ListenAddress listen() {
    Optional<String> text = settings.string("listen");
    Optional<ListenAddress> listen =
        text.isEmpty() ? Optional.of(EVERYWHERE) : ListenAddress.parse(text.get());
    if (listen.isEmpty()) {
      settings.problem(
          "listen", "must be an address and a port, for example \"192.168.1.1:50443\"");
    }
    return listen.orElse(EVERYWHERE);
  }

  private ServerIdentity identity() {
    Optional<Path> certificate = settings.path("certificate_file");
    Optional<Path> key = settings.path("key_file");
    if (certificate.isPresent() != key.isPresent()) {
      settings.problem(
          certificate.isPresent() ? "key_file" : "certificate_file",
          "is missing; give both, or neither for a certificate of the connector's own making");
    }
    Optional<TlsSettings.Identity> given =
        certificate.flatMap(file -> key.map(other -> new TlsSettings.Identity(file, other)));
    Path directory = settings.path("directory").orElse(DIRECTORY);
    return new ServerIdentity(given, serverName(given.isPresent()), directory);
  }

  private String serverName(boolean isGiven) {
    Optional<String> name = settings.string("server_name");
    if (name.isEmpty() && !isGiven) {
      settings.problem(
          "server_name",
          "is missing; name this gateway as the devices do, for example \"192.168.1.1\"");
    }
    if (name.filter(each -> !SERVER_NAME.matcher(each).matches()).isPresent()) {
      settings.problem("server_name", "must be the name or address of this gateway");
    }
    return name.orElse("");
  }

  private String deviceId() {
    String id = settings.string("device_id").orElse(child.value());
    if (!DEVICE_ID.matcher(id).matches()) {
      settings.problem(
          "device_id",
          "must be the device's DEV_ID: 1 to 128 characters without / ? # % or blanks");
    }
    return id;
  }

  private BasicLogin credentials() {
    String username = settings.string("username").orElse("");
    if (username.isEmpty() || username.contains(":")) {
      settings.problem(
          "username", "is missing or has a colon; give the device a name to log in with");
    }
    Optional<Path> file = settings.path("password_file");
    if (file.isEmpty()) {
      settings.problem(
          "password_file", "is missing; name a file whose first line is the device's password");
    }
    return new BasicLogin(username, new SecretFile(file.orElse(NOWHERE)));
  }

  private long slotSize() {
    long size = settings.size("slot_size", SLOT);
    if (size < 1) {
      settings.problem("slot_size", "must be more than nothing");
    }
    return size;
  }

  private Duration pollTimeout() {
    Duration timeout = settings.duration("poll_timeout", Duration.ofMinutes(5));
    if (timeout.compareTo(Duration.ofSeconds(1)) < 0) {
      settings.problem("poll_timeout", "must be \"1s\" or more");
    }
    return timeout;
  }

  private Optional<ManagementSettings> management() {
    Optional<String> text = settings.string("management");
    Optional<String> username = settings.string("management_username");
    Optional<Path> file = settings.path("management_password_file");
    Optional<ListenAddress> listen =
        text.flatMap(ListenAddress::parse).filter(ListenAddress::isLoopback);
    if (text.isPresent() && listen.isEmpty()) {
      settings.problem(
          "management",
          "must be an address of this machine alone and a port, for example \"127.0.0.1:50080\"");
    }
    if (text.isPresent() && username.filter(name -> !name.contains(":")).isEmpty()) {
      settings.problem("management_username", "is missing or has a colon; name who may manage");
    }
    if (text.isPresent() && file.isEmpty()) {
      settings.problem(
          "management_password_file", "is missing; name a file whose first line is the password");
    }
    return listen.map(
        where ->
            new ManagementSettings(
                where, new BasicLogin(username.orElse(""), new SecretFile(file.orElse(NOWHERE)))));
  }
}
