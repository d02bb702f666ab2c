package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.VersionReader;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;

/** Reads the version of a device as the first line that a program writes. */
public final class VersionProgram implements VersionReader {
  private static final String REMEDY =
      "Run it by hand, as the connector's user, to see what it needs.";

  private final Programs programs;
  private final CommandLine line;

  /** Asks by running this line. */
  public VersionProgram(Programs programs, CommandLine line) {
    this.programs = programs;
    this.line = line;
  }

  @Override
  public String readVersion(FirmwareUpdate update) throws UpdateException, InterruptedException {
    FailureCode code = FailureCode.VERSION_UNREADABLE;
    // It is asked so often that nobody wants to see its lines.
    LoggedOutput log = new LoggedOutput(System.Logger.Level.DEBUG, "read_version", update.key());
    ProgramEnd end =
        programs.run(new ProgramCall(line, OperationValues.of(update), update.key(), log, code));
    end.requireSuccess(code, REMEDY);
    return end.firstLine().orElseThrow(() -> new UpdateException(code, noVersion()));
  }

  private String noVersion() {
    return "The program "
        + line.program()
        + " wrote no version. It has to write it as the first line on its standard output.";
  }
}
