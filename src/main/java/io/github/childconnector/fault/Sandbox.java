package io.github.childconnector.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The sandbox that the service's unit puts around this process and its programs. Whatever it keeps
 * from them looks like a broken device or disk, so here is said what an operator has to allow.
 *
 * @param hidesDevices {@code /dev} has none of this machine's devices (PrivateDevices=)
 * @param isReadOnly the file systems are read-only for the service alone (ProtectSystem=)
 * @param hidesHomes the home directories are empty (ProtectHome=)
 */
public record Sandbox(boolean hidesDevices, boolean isReadOnly, boolean hidesHomes) {
  private static final Sandbox NONE = new Sandbox(false, false, false);
  private static final Pattern DEVICE = Pattern.compile("/dev/([\\w./-]+)");
  private static final Pattern HOME = Pattern.compile("(^|[^\\w/.])/(home|root|run/user)\\b");
  private static final Pattern DISK = Pattern.compile("mmcblk|nvme|sd[a-z]|mtd|ubi|disk|loop");
  private static final Pattern USB = Pattern.compile("usb|bus/usb|hidraw");

  /** The sandbox of this process; one that hides nothing where systemd has not started it. */
  public static Sandbox ofThisProcess() {
    return System.getenv("INVOCATION_ID") == null
        ? NONE
        : new Sandbox(
            Files.notExists(Path.of("/dev/console")),
            isReadOnlyHere(mounts(), Path.of("/")),
            Files.isDirectory(Path.of("/home")) && !Files.isExecutable(Path.of("/home")));
  }

  /** Whether only the sandbox keeps a file from being written, and not its disk. */
  public static boolean makesReadOnly(Path file) {
    return System.getenv("INVOCATION_ID") != null && isReadOnlyBelow(mounts(), file);
  }

  static boolean isReadOnlyBelow(List<String> mounts, Path file) {
    return Stream.iterate(file.toAbsolutePath(), Objects::nonNull, Path::getParent)
        .filter(place -> mounts.stream().anyMatch(line -> isAt(place, line.split(" "))))
        .findFirst()
        .filter(place -> isReadOnlyHere(mounts, place))
        .isPresent();
  }

  private static boolean isAt(Path place, String[] words) {
    return words.length > 6 && words[4].equals(place.toString());
  }

  private static List<String> mounts() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mountinfo"));
    } catch (IOException e) {
      return List.of();
    }
  }

  /**
   * Whether a directory is mounted read-only although its disk is not, as lines of {@code
   * /proc/self/mountinfo} say:
   *
   * <pre>
   * 36 35 98:0 / / ro,relatime shared:1 - ext4 /dev/root rw,errors=continue
   * </pre>
   */
  static boolean isReadOnlyHere(List<String> mounts, Path directory) {
    // Of several mounts at one place the last is seen.
    return mounts.stream()
        .map(line -> line.split(" "))
        .filter(words -> isAt(directory, words))
        .reduce((earlier, last) -> last)
        .filter(words -> has("ro", words[5]) && has("rw", words[words.length - 1]))
        .isPresent();
  }

  private static boolean has(String option, String options) {
    return Arrays.asList(options.split(",")).contains(option);
  }

  /**
   * Tells what to allow, where what a program or Java says may come of the sandbox; empty where it
   * does not.
   */
  public Optional<String> remedy(String complaint) {
    Matcher device = DEVICE.matcher(complaint);
    if (hidesDevices && device.find()) {
      return Optional.of(
          "The service sees no devices of this machine: allow them by a drop-in, see examples/systemd/%s."
              .formatted(dropIn(device.group(1))));
    }
    if (hidesHomes && HOME.matcher(complaint).find()) {
      return Optional.of(
          "The service sees no home directories: allow them by a drop-in, see"
              + " examples/systemd/other-user.conf, or move it to /opt.");
    }
    if (isReadOnly && complaint.contains("Read-only file system")) {
      return Optional.of(
          "The service may write to /var/lib/tedge-child-connector and /tmp alone: allow more by"
              + " ReadWritePaths= in a drop-in.");
    }
    return (isReadOnly || hidesDevices) && complaint.contains("Operation not permitted")
        ? Optional.of(
            "The service may do less than a shell: allow it by a drop-in, see examples/systemd.")
        : Optional.empty();
  }

  private static String dropIn(String device) {
    if (DISK.matcher(device).lookingAt()) {
      return "block-devices.conf";
    }
    return USB.matcher(device).lookingAt() ? "usb-dfu.conf" : "serial-ports.conf";
  }
}
