package io.github.childconnector.cli;

import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line of {@code request}; its methods refuse what makes no sense. */
final class RequestOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "CHILD",
      description = "A child's id in the configuration, or else its external id in thin-edge.")
  private String child = "";

  @Parameters(index = "1", paramLabel = "FILE", description = "The firmware image.")
  private Path file = Path.of("");

  @Option(names = "--name", required = true, paramLabel = "N", description = "Firmware name.")
  private String name = "";

  @Option(
      names = "--version",
      required = true,
      paramLabel = "V",
      description = "Firmware version, as the device will name it.")
  private String version = "";

  @Option(
      names = "--sha256",
      paramLabel = "HEX",
      description = "The digest to announce (default: that of FILE).")
  private Optional<String> sha256 = Optional.empty();

  @Option(
      names = "--address",
      paramLabel = "HOST",
      description =
          "This machine's name or address as the connector can reach it (default: the address"
              + " from which this machine reaches the broker).")
  private Optional<String> address = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Longest time until the final status, such as 30s, 5m or 1h (default: 1h).")
  private Duration timeout = Duration.ofHours(1);

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The operation's id (default: a new one). One used before is answered again.")
  private String id = SampleRequest.randomName(21);

  ChildId child() {
    return CommonOptions.child(command, child);
  }

  Path file() {
    if (!Files.isRegularFile(file)) {
      throw misuse("There is no file " + file);
    }
    if (!Files.isReadable(file)) {
      throw misuse("The file " + file + " may not be read by this user");
    }
    return file;
  }

  long fileSize() {
    try {
      return Files.size(file());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  Firmware firmware() {
    return new Firmware(name, version);
  }

  Sha256 digest() {
    if (sha256.isEmpty()) {
      return digestOfFile();
    }
    if (!Sha256.isValid(sha256.get())) {
      throw misuse("--sha256 takes 64 hexadecimal digits, as sha256sum prints them");
    }
    return new Sha256(sha256.get());
  }

  private Sha256 digestOfFile() {
    try (InputStream in = Files.newInputStream(file())) {
      return Sha256.of(in);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private ParameterException unreadable(IOException why) {
    return misuse("The file " + file + " cannot be read: " + why.getMessage());
  }

  ParameterException misuse(String sentence) {
    return CommonOptions.misuse(command, sentence);
  }

  Optional<String> address() {
    return address;
  }

  Duration timeout() {
    return timeout;
  }

  String id() {
    if (!OperationKey.isValidId(id)) {
      throw misuse("--id takes 1 to 128 characters of A-Z a-z 0-9 _ - . :");
    }
    return id;
  }
}
