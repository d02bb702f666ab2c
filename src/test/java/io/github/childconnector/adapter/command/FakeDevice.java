package io.github.childconnector.adapter.command;

import io.github.childconnector.adapter.program.Placeholder;
import io.github.childconnector.adapter.program.RunningProcesses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * A device that lives in a directory and is flashed by shell scripts, for the tests of whole
 * updates, also across processes. It behaves as it was last told, until told otherwise, and counts
 * how often it was asked.
 *
 * <pre>
 * FakeDevice device = FakeDevice.in(directory, "1.0").isBusy(2);
 * String table = device.table();   // the lines of [child.command]
 * assertThat(device.version()).isEqualTo("2.0");
 * assertThat(device.installs()).isEqualTo(3);
 * </pre>
 */
@NullMarked
public final class FakeDevice {
  /** The variable by which the processes of a device are known. */
  private static final String MARK = "FAKE_DEVICE";

  private static final String INSTALL =
      """
      #!/bin/sh
      # install.sh IMAGE VERSION
      cd "$(dirname "$0")" || exit 1
      echo "$OPERATION_ID" >>installs
      echo $$ >>pids
      echo "step write"
      well() { cp "$1" image && printf '%s\\n' "$2" >version.new && mv version.new version; }
      read -r word number <behaviour
      if [ "$word" = busy ] && [ "$(wc -l <installs)" -le "$number" ]; then
        echo "the device is in use" >&2; exit 75
      fi
      echo "$OPERATION_ID" >>flashes
      case $word in
        fails) echo "$(cat why)" >&2; exit "$number" ;;
        hangs) while [ -e behaviour ]; do sleep 0.05; done ;;
        late) cp "$1" image; printf '%s\\n' "$2" >version.late; echo "$number" >countdown
          while [ -e behaviour ]; do sleep 0.05; done ;;
        slow) cp "$1" image; printf '%s\\n' "$2" >version.late; echo "$number" >countdown
          echo "progress 100"; exit 0 ;;
        waits) while [ -e waiting ]; do sleep 0.05; done ;;
        reboots) : >unreadable ;;
        other) cp "$1" image; cp other version; exit 0 ;;
        own) . ./own-install ;;
      esac
      well "$1" "$2" || exit 1
      echo "progress 100"
      """;

  private static final String READ_VERSION =
      """
      #!/bin/sh
      cd "$(dirname "$0")" || exit 1
      echo "$OPERATION_ID" >>reads
      if [ -e own-read-version ]; then . ./own-read-version; fi
      if [ -e unreadable ]; then echo "the device does not answer" >&2; exit 1; fi
      if [ -e countdown ]; then
        left=$(cat countdown)
        echo $((left - 1)) >countdown
        if [ "$left" -le 0 ]; then mv version.late version; rm countdown; fi
      fi
      cat version
      """;

  private static final String ROLLBACK =
      """
      #!/bin/sh
      cd "$(dirname "$0")" || exit 1
      echo "$OPERATION_ID" >>rollbacks
      if [ -e own-rollback ]; then . ./own-rollback; fi
      rm -f countdown version.late
      cp version.first version
      """;

  private final Path directory;
  private final Map<String, String> keys = new LinkedHashMap<>();

  private FakeDevice(Path directory) {
    this.directory = directory;
  }

  /** A well-behaved device in a directory, which is created, that runs this version. */
  public static FakeDevice in(Path directory, String version) {
    FakeDevice device = new FakeDevice(directory);
    device.write("version", version + "\n");
    device.write("version.first", version + "\n");
    device.script("install.sh", INSTALL);
    device.script("read-version.sh", READ_VERSION);
    device.script("rollback.sh", ROLLBACK);
    device.setKeys();
    return device.isWell();
  }

  /** Installs what it is given, at once. */
  public FakeDevice isWell() {
    return behave("well 0");
  }

  /** Fails each installation with this exit status, untouched. */
  public FakeDevice fails(int status, String why) {
    write("why", why);
    return behave("fails " + status);
  }

  /** Is busy until it was asked to install this often in its life, then well. */
  public FakeDevice isBusy(int times) {
    return behave("busy " + times);
  }

  /** Never ends an installation by itself, as long as it is there, and keeps its version. */
  public FakeDevice hangs() {
    return behave("hangs 0");
  }

  /** Never ends an installation by itself, but shows the new version after this many readings. */
  public FakeDevice succeedsLate(int reads) {
    return behave("late " + reads);
  }

  /** Ends an installation at once, but shows the new version only after this many readings. */
  public FakeDevice confirmsAfter(int reads) {
    return behave("slow " + reads);
  }

  /** Does not end an installation before {@link #goesOn}, and then well. */
  public FakeDevice waits() {
    write("waiting", "");
    return behave("waits 0");
  }

  /** Ends the installation that waits. */
  public void goesOn() {
    try {
      Files.deleteIfExists(directory.resolve("waiting"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends an installation well, but answers no question after it until it {@link #answers}. */
  public FakeDevice reboots() {
    return behave("reboots 0");
  }

  /** Ends an installation well, but then runs this version. */
  public FakeDevice runsInstead(String version) {
    write("other", version + "\n");
    return behave("other 0");
  }

  /** Answers no question for its version, whatever else it does, or answers again. */
  public FakeDevice answers(boolean answering) {
    try {
      Files.deleteIfExists(directory.resolve("unreadable"));
      if (!answering) {
        write("unreadable", "");
      }
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Installs as this piece of shell says, with the image in {@code $1}, the version in {@code $2}
   * and the function {@code well}; where it does not exit, the image is installed after it.
   */
  public FakeDevice installsBy(String shell) {
    write("own-install", shell + "\n");
    return behave("own 0");
  }

  /** Tells its version as this piece of shell says; where that does not exit, as usual after it. */
  public FakeDevice answersBy(String shell) {
    write("own-read-version", shell + "\n");
    return this;
  }

  /** Restores as this piece of shell says; where that does not exit, as usual after it. */
  public FakeDevice restoresBy(String shell) {
    write("own-rollback", shell + "\n");
    return this;
  }

  private FakeDevice behave(String behaviour) {
    write("behaviour", behaviour + "\n");
    return this;
  }

  /** The key {@code install}. */
  public List<String> installCommand() {
    return List.of(path("install.sh"), "{image}", "{version}");
  }

  /** The key {@code read_version}. */
  public List<String> readVersionCommand() {
    return List.of(path("read-version.sh"));
  }

  /** The key {@code rollback}. */
  public List<String> rollbackCommand() {
    return List.of(path("rollback.sh"));
  }

  /** The value of the key {@code environment}, by which its programs are found. */
  public String environment() {
    return "{ %s = \"%s\" }".formatted(MARK, directory.toAbsolutePath());
  }

  private void setKeys() {
    keys.put("install", "[\"%s\", \"{image}\", \"{version}\"]".formatted(path("install.sh")));
    keys.put("read_version", "[\"%s\"]".formatted(path("read-version.sh")));
    keys.put("rollback", "[\"%s\"]".formatted(path("rollback.sh")));
    keys.put("stop_grace", "\"1s\"");
    keys.put("environment", environment());
  }

  /** Has its own programs again, whatever became of them, and behaves well. */
  public FakeDevice repair() {
    try {
      for (String file : List.of("own-read-version", "own-rollback", "install.sh")) {
        Files.deleteIfExists(directory.resolve(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    script("install.sh", INSTALL);
    return isWell();
  }

  /** Is configured without this key from now on. */
  public FakeDevice without(String key) {
    keys.remove(key);
    return this;
  }

  /** Is configured with this key from now on; the value is written as in TOML. */
  public FakeDevice with(String key, String value) {
    keys.put(key, value);
    return this;
  }

  /** The lines of TOML for the table {@code [child.command]}. */
  public String table() {
    return keys.entrySet().stream()
        .map(key -> key.getKey() + " = " + key.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /** A file of the directory it lives in. */
  public Path file(String name) {
    return directory.resolve(name);
  }

  /** The processes that its programs have become and that still run. */
  public List<Long> processes() {
    String mark = MARK + "=" + directory.toAbsolutePath();
    return RunningProcesses.list().stream()
        .filter(pid -> RunningProcesses.environment(pid).contains(mark))
        .toList();
  }

  /** The version it runs. */
  public String version() {
    return read("version").strip();
  }

  /** The version it ran at first, and runs after a rollback. */
  public String firstVersion() {
    return read("version.first").strip();
  }

  /** The bytes of the image that was last installed. */
  public byte[] image() {
    try {
      return Files.readAllBytes(directory.resolve("image"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often it was asked to install. */
  public int installs() {
    return operations("installs").size();
  }

  /** How often its version was asked for. */
  public int reads() {
    return operations("reads").size();
  }

  /** How often it was asked to restore the old version. */
  public int rollbacks() {
    return operations("rollbacks").size();
  }

  /** The operations it was asked to install for, in their order. */
  public List<String> installedOperations() {
    return operations("installs");
  }

  /** The operations whose installation has begun to change it, in their order. */
  public List<String> flashedOperations() {
    return operations("flashes");
  }

  /** The operations for which it was asked to restore the old version, in their order. */
  public List<String> restoredOperations() {
    return operations("rollbacks");
  }

  /** The operations for which a program is at work now, of the devices below a directory. */
  public static Set<String> operationsAtWork(Path directory) {
    String device = MARK + "=" + directory.toAbsolutePath() + "/";
    String operation = Placeholder.OPERATION.variable() + "=";
    return RunningProcesses.list().stream()
        .map(RunningProcesses::environment)
        .filter(variables -> variables.stream().anyMatch(it -> it.startsWith(device)))
        .flatMap(Set::stream)
        .filter(variable -> variable.startsWith(operation))
        .map(variable -> variable.substring(operation.length()))
        .collect(Collectors.toSet());
  }

  /** Whether an installation runs now. */
  public boolean isInstalling() {
    List<Long> pids = operations("pids").stream().map(Long::valueOf).toList();
    return RunningProcesses.list().stream().anyMatch(pids::contains);
  }

  private List<String> operations(String file) {
    return Files.exists(directory.resolve(file)) ? read(file).lines().toList() : List.of();
  }

  private String path(String script) {
    return directory.resolve(script).toAbsolutePath().toString();
  }

  private String read(String file) {
    try {
      return Files.readString(directory.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void script(String name, String body) {
    write(name, body);
    try {
      Files.setPosixFilePermissions(
          directory.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String file, String text) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
