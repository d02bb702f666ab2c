package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * A run of a program.
 *
 * @param line what is run
 * @param values what its placeholders and its environment hold
 * @param operation for which it is run, and by which its processes are known
 * @param progress who listens to it
 * @param failureCode what it is called when it cannot be started
 */
public record ProgramCall(
    CommandLine line,
    Map<Placeholder, String> values,
    OperationKey operation,
    Progress progress,
    FailureCode failureCode) {

  /** Keeps a copy of the values. */
  public ProgramCall {
    values = Map.copyOf(values);
  }

  /** A run for an update, where every placeholder has a value but that of the image. */
  public static ProgramCall of(
      CommandLine line, FirmwareUpdate update, Progress progress, FailureCode code)
      throws UpdateException {
    Map<Placeholder, String> values = new EnumMap<>(Placeholder.class);
    values.put(Placeholder.NAME, update.firmware().name());
    values.put(Placeholder.VERSION, update.firmware().version());
    values.put(Placeholder.SHA256, update.digest().map(Sha256::hex).orElse(""));
    values.put(Placeholder.CHILD, update.key().child().value());
    values.put(Placeholder.OPERATION, update.key().id());
    requireNoNul(values);
    return new ProgramCall(line, values, update.key(), progress, code);
  }

  private static void requireNoNul(Map<Placeholder, String> values) throws UpdateException {
    for (Map.Entry<Placeholder, String> each : values.entrySet()) {
      if (each.getValue().indexOf('\0') >= 0) {
        throw new UpdateException(
            FailureCode.REQUEST_INVALID,
            "The %s holds a NUL character, which no program can be given. Rename the firmware."
                .formatted(each.getKey().meaning()));
      }
    }
  }

  /** The same run, with the image at hand. */
  public ProgramCall with(Path image) {
    Map<Placeholder, String> all = new EnumMap<>(values);
    all.put(Placeholder.IMAGE, image.toAbsolutePath().toString());
    return new ProgramCall(line, all, operation, progress, failureCode);
  }
}
