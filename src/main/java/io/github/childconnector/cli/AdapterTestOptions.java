package io.github.childconnector.cli;

import io.github.childconnector.adapter.Trial;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.conformance.Subject;
import io.github.childconnector.conformance.Subject.Release;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.update.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of {@code adapter-test}; its methods refuse what makes no sense. */
final class AdapterTestOptions {
  static final String AS_SERVICE = "--as-service";

  private static final List<String> USUAL_ARGUMENTS = List.of("{image}", "{version}");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Parameters(
      arity = "1..*",
      paramLabel = "CHILD|PROGRAM",
      description = {
        "A child's id in the configuration; or the path of a program, with a slash in it, and its"
            + " arguments. Without arguments a flashing program gets {image} {version}."
      })
  private List<String> words = List.of();

  @Option(
      names = "--image",
      required = true,
      paramLabel = "FILE",
      description = "The image that is installed.")
  private Path image = Path.of("");

  @Option(
      names = "--version",
      required = true,
      paramLabel = "V",
      description = "Its version, as the device will name it.")
  private String version = "";

  @Option(
      names = "--previous",
      paramLabel = "FILE",
      description = "Another image, installed before each check, so that each changes the version.")
  private Optional<Path> previous = Optional.empty();

  @Option(
      names = "--previous-version",
      paramLabel = "V",
      description = "The version of the other image.")
  private Optional<String> previousVersion = Optional.empty();

  @Option(
      names = "--bad-images",
      description = "Also installs what is no firmware: nothing, half of FILE, and a text.")
  private boolean badImages;

  @Option(
      names = "--only",
      paramLabel = "CHECK",
      split = ",",
      description = "Runs these checks only, after a plain update.")
  private Set<String> only = new TreeSet<>();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description =
          "Longest time for one call (default: the child's install_timeout; 10m for a PROGRAM).")
  private Optional<Duration> timeout = Optional.empty();

  @Option(names = "--json", description = "Writes JSON, when all is done.")
  private boolean json;

  @Option(names = "--keep", description = "Keeps the directory with what the test has used.")
  private boolean keep;

  @Option(
      names = AS_SERVICE,
      description =
          "Tests as root in the sandbox of the service, as its user; what is named must be where"
              + " that user may read it, and not below /home or /tmp.")
  private boolean asService;

  @Mixin private final ProgramOptions program = new ProgramOptions();

  /** Whether another process is to do it, in the sandbox of the service. */
  boolean isAsService() {
    return asService;
  }

  /** Refuses what does not fit together. */
  void requireSense() {
    requireFile("--image", image);
    previous.ifPresent(file -> requireFile("--previous", file));
    if (previous.isPresent() != previousVersion.isPresent()) {
      throw misuse("--previous and --previous-version belong together: give both, or none");
    }
    if (previousVersion.equals(Optional.of(version))) {
      throw misuse("--previous-version is the version of the image itself; name that of another");
    }
    if (isProgram()) {
      program.requireProgram(this, path());
    } else if (words.size() > 1 || program.isUsed()) {
      throw misuse(
          "A CHILD takes no arguments and none of --as, --env, --read-version, --rollback and --repeatable: they stand in its configuration. A program is named by a path with a slash, for example ./flash.sh");
    }
  }

  private void requireFile(String option, Path file) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw misuse("%s %s is no file that this user may read".formatted(option, file));
    }
  }

  ParameterException misuse(String sentence) {
    return CommonOptions.misuse(command, sentence);
  }

  /** No child's id has a slash. */
  boolean isProgram() {
    return words.get(0).contains("/");
  }

  private Path path() {
    return Path.of(words.get(0)).toAbsolutePath().normalize();
  }

  /** The program with its arguments, or with the usual ones. */
  List<String> line() {
    List<String> given = words.size() == 1 ? USUAL_ARGUMENTS : words.subList(1, words.size());
    return Stream.concat(Stream.of(path().toString()), given.stream()).toList();
  }

  /** Writes a configuration for the program. */
  Path writeConfiguration(Path scratch) throws IOException {
    return program.write(line(), scratch);
  }

  ChildId childId() {
    return isProgram() ? ProgramOptions.CHILD : CommonOptions.child(command, words.get(0));
  }

  boolean isJson() {
    return json;
  }

  boolean keeps() {
    return keep;
  }

  /** The child or program to be tested, with its images. */
  Subject subject(ConnectorConfig config, Path scratch) {
    Child child = withLimits(child(config));
    Trial trial =
        child
            .adapter()
            .trial(scratch.resolve("adapter"))
            .orElseThrow(
                () ->
                    misuse(
                        "Nothing of %s can be tested from here: its adapter runs no program and writes no file, it talks to the device itself. Adapters that can be tested are command, module and file."
                            .formatted(child.id())));
    Optional<Release> other = previous.map(file -> release(file, previousVersion.orElseThrow()));
    return new Subject(child, trial, release(image, version), other, badImages, only);
  }

  /** Refuses names that no check has. */
  void requireChecks(List<String> known) {
    for (String name : only) {
      if (!known.contains(name)) {
        throw misuse(
            "There is no check %s for this; there are %s".formatted(name, String.join(" ", known)));
      }
    }
  }

  private Child child(ConnectorConfig config) {
    return config.children().stream()
        .filter(each -> each.id().equals(childId()))
        .findFirst()
        .orElseThrow(
            () ->
                misuse(
                    "There is no child %s in the configuration; a program is named by a path with a slash, for example ./%<s"
                        .formatted(childId())));
  }

  private Child withLimits(Child child) {
    Duration most = timeout.orElse(child.installTimeout());
    return new Child(
        child.id(),
        child.adapter(),
        child.bus(),
        most,
        Collections.min(List.of(child.confirmTimeout(), most)),
        Collections.min(List.of(child.versionTimeout(), most)));
  }

  private static Release release(Path file, String version) {
    return new Release(new Firmware(String.valueOf(file.getFileName()), version), file);
  }
}
