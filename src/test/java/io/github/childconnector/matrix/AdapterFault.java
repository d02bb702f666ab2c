package io.github.childconnector.matrix;

import io.github.childconnector.adapter.command.FakeDevice;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/**
 * One way in which an operator's programs go wrong, and what has to come of it.
 *
 * @param device makes a well-behaved device, which runs 1.0, one of this kind
 * @param told a regular expression for the status that ends the operation
 * @param version what the device runs then
 */
@NullMarked
record AdapterFault(String name, UnaryOperator<FakeDevice> device, String told, String version) {
  static final String OLD = "1.0";
  static final String NEW = "2.0";
  private static final String HANG = "while :; do sleep 0.1; done";

  /** A flasher after which the device runs the new version. */
  static AdapterFault harmless(String name, String shell) {
    return new AdapterFault(name, device -> device.installsBy(shell), "successful\"}", NEW);
  }

  /** A flasher that fails in these words, by which a rollback keeps the old version. */
  static AdapterFault failing(String name, String shell, String words) {
    return broken(name, device -> device.installsBy(shell), "install-failed: .*" + words);
  }

  /** A flasher that does not end by itself; {@code %hang%} stands for waiting. */
  static AdapterFault endless(String name, String shell) {
    String body = shell.replace("%hang%", HANG);
    return broken(name, device -> device.installsBy(body), "install-timeout: ");
  }

  /** Something that ends in a failure, told in these words, with the old version. */
  static AdapterFault broken(String name, UnaryOperator<FakeDevice> device, String words) {
    return new AdapterFault(name, device, "failed\",\"reason\":\"" + words + ".*", OLD);
  }

  /** A version reader of this kind: the device takes the image, but is not seen to run it. */
  static AdapterFault unseen(String name, String shell, String words) {
    String body = "[ -e image ] || { cat version; exit; }\n" + shell.replace("%hang%", HANG);
    return broken(name, device -> device.answersBy(body), "not-confirmed: .*" + words);
  }

  /** A rollback of this kind, of a device that was not touched. */
  static AdapterFault unrestored(String name, String shell, String words) {
    return broken(
        name,
        device -> device.fails(1, "no link").restoresBy(shell.replace("%hang%", HANG)),
        "install-failed: .*no link.*" + words + ".*The device runs 1.0");
  }

  /**
   * The limits of its child: little of the time that it is to run out of, and more than any machine
   * needs of the others.
   */
  String limits() {
    return "install_timeout = \"%s\"\nconfirm_timeout = \"%s\"\nversion_timeout = \"%s\"\n"
        .formatted(
            installLimit(),
            limit("failed.*(install-timeout|not-confirmed)", "1s"),
            limit("version_timeout", "1s"));
  }

  /** Where the key is told, another program has to end in time before the one that does not. */
  private String installLimit() {
    return (name + told).contains("install_timeout") ? "10s" : limit("install-timeout", "3s");
  }

  private String limit(String ending, String little) {
    return Pattern.compile(ending).matcher(name + " " + told).find() ? little : "5m";
  }

  @Override
  public String toString() {
    return name;
  }
}
