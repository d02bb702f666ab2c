package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.adapter.fuota.management.ManagementSettings;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Amounts;
import io.github.childconnector.settings.KeyPair;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import io.github.childconnector.tls.TlsSettings.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Reads a child's {@code [child.fuota]} table, noting all that is wrong with it. */
final class SettingsReader {
  private static final Path DIRECTORY = Path.of("/var/lib/tedge-child-connector/fuota");
  private static final ListenAddress EVERYWHERE = new ListenAddress("0.0.0.0", 50443);
  private static final KeyPair CERTIFICATE = new KeyPair("certificate_file", "key_file");
  private static final Kind<String> SERVER_NAME =
      Kinds.matching("[A-Za-z0-9][A-Za-z0-9.:-]{0,63}", "the name or address of this gateway")
          .shared();
  private static final Kind<String> DEVICE_ID =
      Kinds.matching(
          "[^/?#%\\s]{1,128}",
          "the device's DEV_ID: 1 to 128 characters without / ? # % or blanks");
  private static final Kind<ListenAddress> LOOPBACK =
      ListenAddress.KIND.unless(
          listen ->
              listen.isLoopback()
                  ? Optional.empty()
                  : Optional.of(
                      "must be an address of this machine alone, for example \"127.0.0.1:50080\""));

  /** A slot of the partition table that the example client comes with. */
  private static final long SLOT = 0x180000;

  private final ChildId child;
  private final Section section;

  SettingsReader(ChildId child, Section section) {
    this.child = child;
    this.section = section;
  }

  FuotaSettings read() {
    return new FuotaSettings(
        section.value("listen", ListenAddress.KIND, EVERYWHERE),
        identity(),
        deviceId(),
        BasicLogin.read(section, "", true),
        section.value("slot_size", Amounts.size(1, Amounts.LARGEST), SLOT),
        section.flag("check_image", true),
        section.value(
            "poll_timeout", Amounts.atLeast(Duration.ofSeconds(1)), Duration.ofMinutes(5)),
        management());
  }

  private ServerIdentity identity() {
    Optional<Identity> given = CERTIFICATE.read(section, Places.PATH);
    Path directory = section.value("directory", Places.PATH, DIRECTORY);
    Optional<String> name = section.optional("server_name", SERVER_NAME);
    section.require(
        "server_name",
        name.isPresent() || given.isPresent(),
        "name this gateway as the devices do, for example \"192.168.1.1\"");
    return new ServerIdentity(given, name.orElse(""), directory);
  }

  /** The id of the child need not have the form that a device can ask with. */
  private String deviceId() {
    Scalar usual = new Scalar(child.value(), section.origin("device_id"));
    section.inherit("device_id", Optional.of(usual));
    return section.value("device_id", DEVICE_ID, "?");
  }

  private Optional<ManagementSettings> management() {
    Optional<ListenAddress> listen = section.optional("management", LOOPBACK);
    boolean isWanted = listen.isPresent() || section.isRefused("management");
    BasicLogin login = BasicLogin.read(section, "management_", isWanted);
    return listen.map(where -> new ManagementSettings(where, login));
  }
}
