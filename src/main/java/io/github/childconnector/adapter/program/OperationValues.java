package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.util.EnumMap;
import java.util.Map;

/** The values of the placeholders in one operation. */
public final class OperationValues {
  private OperationValues() {}

  /** All of them, with the image. */
  public static Map<Placeholder, String> of(Installation installation) throws UpdateException {
    Map<Placeholder, String> values = of(installation.update());
    values.put(Placeholder.IMAGE, installation.image().path().toAbsolutePath().toString());
    return values;
  }

  /** All but the image. */
  public static Map<Placeholder, String> of(FirmwareUpdate update) throws UpdateException {
    Map<Placeholder, String> values = new EnumMap<>(Placeholder.class);
    values.put(Placeholder.NAME, update.firmware().name());
    values.put(Placeholder.VERSION, update.firmware().version());
    values.put(Placeholder.SHA256, update.digest().hex());
    values.put(Placeholder.CHILD, update.key().child().value());
    values.put(Placeholder.OPERATION, update.key().id());
    requireNoNul(values);
    return values;
  }

  private static void requireNoNul(Map<Placeholder, String> values) throws UpdateException {
    for (Map.Entry<Placeholder, String> each : values.entrySet()) {
      if (each.getValue().indexOf('\0') >= 0) {
        throw new UpdateException(
            FailureCode.REQUEST_INVALID,
            "The "
                + each.getKey().meaning()
                + " holds a NUL character, which no program can be given. Rename the firmware.");
      }
    }
  }
}
