package io.github.childconnector.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The command line of a simulated device: {@code --name VALUE}, each described by a line of its
 * help that begins with two blanks and the name.
 */
public final class DeviceOptions {
  private static final int USAGE = 64;

  private final Map<String, String> values;

  private DeviceOptions(Map<String, String> values) {
    this.values = values;
  }

  /** Ends the process, with the help, if that is asked for or the arguments are not as it says. */
  public static DeviceOptions read(String help, String... arguments) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i];
      if (name.equals("--help")) {
        System.out.print(help);
        System.exit(0);
      }
      if (!Pattern.compile("(?m)^  " + Pattern.quote(name) + " ").matcher(help).find()
          || i + 1 == arguments.length) {
        misuse(name + " is no option, or has no value; see --help");
      }
      values.put(name, arguments[i + 1]);
    }
    return new DeviceOptions(values);
  }

  private static void misuse(String sentence) {
    System.err.println(sentence);
    System.exit(USAGE);
  }

  /** The value of an option that may be left out. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The value of an option that may be left out. */
  public String get(String name, String byDefault) {
    return values.getOrDefault(name, byDefault);
  }

  /** The value of an option that is needed. */
  public String require(String name) {
    if (!values.containsKey(name)) {
      misuse(name + " is missing; see --help");
    }
    return values.getOrDefault(name, "");
  }

  /** The directory in which the device keeps what it runs. */
  public Path directory() throws IOException {
    return Files.createDirectories(Path.of(require("--directory")));
  }

  /** A whole number. */
  public int number(String name, int byDefault) {
    return Integer.parseInt(get(name, Integer.toString(byDefault)));
  }

  /** The steps of this process, which {@code --die-at} may end. */
  public Steps steps() {
    return Steps.told(get("--die-at"));
  }
}
