package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.DeviceAdapter.VersionReader;
import io.github.childconnector.adapter.Trial.Check;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.operation.VersionText;
import java.util.Optional;

/**
 * Reads the version of a device as the first line that a program writes.
 *
 * @param line what is run
 */
public record VersionProgram(Programs programs, CommandLine line) implements VersionReader {
  private static final String REMEDY =
      "Run it by hand, as the connector's user, to see what it needs.";

  @Override
  public String readVersion(FirmwareUpdate update) throws UpdateException, InterruptedException {
    String version = run(update).firstLine().orElseThrow(() -> unreadable(noVersion()));
    Optional<String> objection = VersionText.objection(version);
    if (objection.isPresent()) {
      throw unreadable(
          "The first line that the program %s wrote on its standard output %s. Let it write the version alone there."
              .formatted(line.program(), objection.get()));
    }
    return version;
  }

  private ProgramEnd run(FirmwareUpdate update) throws UpdateException, InterruptedException {
    FailureCode code = FailureCode.VERSION_UNREADABLE;
    // It is asked so often that nobody wants to see its lines.
    LoggedOutput log = new LoggedOutput(System.Logger.Level.DEBUG, "read_version", update.key());
    ProgramEnd end = programs.run(ProgramCall.of(line, update, log, code));
    end.requireSuccess(code, REMEDY);
    return end;
  }

  /** The checks of {@code adapter-test} besides the version itself. */
  public Check check() {
    return new Check(
        "read-version-line",
        (installation, progress) -> surplus(run(installation.update()).lines()));
  }

  private Optional<String> surplus(long lines) {
    return lines <= 1
        ? Optional.empty()
        : Optional.of(
            "%s wrote %d lines on standard output, of which only the first is read: a warning before it would be taken for the version. Let it write the version alone there, and everything else on standard error."
                .formatted(line.program(), lines));
  }

  private static UpdateException unreadable(String sentence) {
    return new UpdateException(FailureCode.VERSION_UNREADABLE, sentence);
  }

  private String noVersion() {
    return "The program %s wrote no version. It has to write it as the first line on its standard output."
        .formatted(line.program());
  }
}
