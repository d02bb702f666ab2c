package io.github.childconnector.cli;

import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.config.ConfigurationException;
import io.github.childconnector.config.ConnectorConfig;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.update.Child;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code check-config}: what the configuration comes to, or everything that is wrong with it. */
@Command(
    name = "check-config",
    description = {
      "Shows the configuration in effect, every key with its value and where it was set, or every"
          + " problem with its file and line. Secrets are not shown. Warns of programs that cannot"
          + " be started. For root it reads as the service's user would."
    })
public final class CheckConfigCommand implements Callable<Integer> {
  private final ConfigLoader loader;

  @Option(
      names = {"-q", "--quiet"},
      description = "Shows problems and warnings only.")
  private boolean quiet;

  @Option(
      names = "--support",
      paramLabel = "DIRECTORY",
      description =
          "Writes the files and what they come to into this directory instead, without comments"
              + " and without anything that may be secret.")
  private Optional<Path> support = Optional.empty();

  @Mixin private final CommonOptions common = new CommonOptions();

  public CheckConfigCommand(ConfigLoader loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() throws CommandException, ConfigurationException, InterruptedException {
    if (support.isPresent()) {
      share(support.get());
      return ExitCode.OK;
    }
    common.requireReadable();
    Optional<String> user = ServiceUnit.isRoot() ? ServiceUnit.user() : Optional.empty();
    return user.isPresent() ? checkFor(user.get()) : check();
  }

  /** Root may read all files, so the check of what the service reads is done as its user. */
  private int checkFor(String user)
      throws CommandException, ConfigurationException, InterruptedException {
    if (!common.isOfTheService()) {
      return checkHere(
          "Checked as root, who may read what the service's user " + user + " may not.");
    }
    try {
      int code = ServiceUnit.runAs(user);
      tell(quiet ? List.of() : List.of("Checked as " + user + ", the user of the service."));
      return code;
    } catch (IOException e) {
      return checkHere(
          "Checked as root, because it cannot be done as the service's user %s (%s)."
              .formatted(user, e.getMessage()));
    }
  }

  private int checkHere(String remark) throws ConfigurationException {
    int code = check();
    tell(quiet ? List.of() : List.of(remark));
    return code;
  }

  private int check() throws ConfigurationException {
    ConfigLoader.Reading reading = loader.read(common.config());
    if (!quiet) {
      common.out().print(reading.effective());
      common.out().flush();
      if (reading.config().children().isEmpty()) {
        tell(List.of("No [[child]] is configured yet: nothing will be updated."));
      }
    }
    // Not a problem of the configuration: it may be mended at any time, and so does not refuse it.
    tell(authorities(reading.config()));
    reading.config().children().forEach(child -> tell(warnings(child)));
    return ExitCode.OK;
  }

  /** The files of directories of CA certificates that are left out, although the rest works. */
  private static List<String> authorities(ConnectorConfig config) {
    return Stream.of(config.mqtt().tls(), Optional.of(config.download().tls()))
        .flatMap(Optional::stream)
        .flatMap(tls -> tls.trust().stream())
        .distinct()
        .flatMap(trust -> TlsContext.faults(trust).stream())
        .map(fault -> "Warning: of the CA certificates, one is left out: " + fault)
        .toList();
  }

  private static List<String> warnings(Child child) {
    return child.adapter().troubles().stream()
        .map(trouble -> "Warning: child[" + child.id() + "]: " + trouble)
        .toList();
  }

  private void tell(List<String> lines) {
    lines.forEach(common.err()::println);
    common.err().flush();
  }

  /** Writes what strangers may see; what is wrong ends the command after that. */
  private void share(Path directory) throws CommandException {
    try {
      List<String> problems = loader.share(common.config(), directory);
      if (!problems.isEmpty()) {
        throw new CommandException(ExitCode.CONFIG, String.join("\n", problems));
      }
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.SOFTWARE, "Nothing can be written to %s (%s).".formatted(directory, e));
    }
  }
}
