package io.github.childconnector.adapter.fuota;

import io.github.childconnector.adapter.endpoint.BasicLogin;
import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.adapter.fuota.management.EspImage.Chip;
import io.github.childconnector.adapter.fuota.management.EspImage.Slot;
import io.github.childconnector.adapter.fuota.management.ManagementServer;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Places;
import io.github.childconnector.settings.Section;
import io.github.childconnector.tls.TlsSettings.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A child's {@code [child.fuota]} table; the package documentation has a sample.
 *
 * @param listen where the server listens that the device polls
 * @param identity how that server shows who it is
 * @param deviceId the id with which the device polls
 * @param credentials what the device logs in with
 * @param slot a slot of its flash
 * @param checkImage whether images must have the form of Espressif's
 * @param pollTimeout how long an update waits for the device to poll at all
 * @param management where scripts may manage the device
 */
record FuotaSettings(
    ListenAddress listen,
    ServerIdentity identity,
    String deviceId,
    BasicLogin credentials,
    Slot slot,
    boolean checkImage,
    Duration pollTimeout,
    Optional<ManagementServer.Settings> management) {
  private static final Path DIRECTORY = Path.of("/var/lib/tedge-child-connector/fuota");
  private static final ListenAddress EVERYWHERE = new ListenAddress("0.0.0.0", 50443);
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

  private static final Kind<Chip> CHIP = Kinds.oneOf(List.of(Chip.values()), Chip::word);

  /** A slot of the partition table that the example client comes with. */
  private static final long SLOT = 0x180000;

  /** Reads the table, noting all that is wrong with it. */
  static FuotaSettings read(ChildId child, Section section) {
    return new FuotaSettings(
        section.value("listen", ListenAddress.KIND, EVERYWHERE),
        identity(section),
        deviceId(child, section),
        BasicLogin.read(section, "", true),
        slot(section),
        section.flag("check_image", true),
        section.value("poll_timeout", Kinds.atLeast(Duration.ofSeconds(1)), Duration.ofMinutes(5)),
        management(section));
  }

  /** The example client is written for the first of the chips. */
  private static Slot slot(Section section) {
    return new Slot(
        section.value("slot_size", Kinds.size(1, Kinds.LARGEST), SLOT),
        section.value("chip", CHIP, Chip.ESP32));
  }

  private static ServerIdentity identity(Section section) {
    Optional<Identity> given =
        Places.identity(section, "certificate_file", "key_file", Places.PATH);
    Path directory = section.value("directory", Places.PATH, DIRECTORY);
    Optional<String> name = section.optional("server_name", SERVER_NAME);
    section.require(
        "server_name",
        name.isPresent() || given.isPresent(),
        "name this gateway as the devices do, for example \"192.168.1.1\"");
    return new ServerIdentity(given, name.orElse(""), directory);
  }

  /** The id of the child need not have the form that a device can ask with. */
  private static String deviceId(ChildId child, Section section) {
    Scalar usual = new Scalar(child.value(), section.origin("device_id"));
    section.inherit("device_id", usual);
    return section.value("device_id", DEVICE_ID, "?");
  }

  private static Optional<ManagementServer.Settings> management(Section section) {
    Optional<ListenAddress> listen = section.optional("management", LOOPBACK);
    boolean isWanted = listen.isPresent() || section.isRefused("management");
    BasicLogin login = BasicLogin.read(section, "management_", isWanted);
    return listen.map(where -> new ManagementServer.Settings(where, login));
  }
}
