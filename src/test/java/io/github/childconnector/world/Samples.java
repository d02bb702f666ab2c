package io.github.childconnector.world;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;

/** Updates and installations for tests that do not mind where the image came from. */
public final class Samples {
  private Samples() {}

  /** An update of a child. */
  public static FirmwareUpdate update(
      ChildId child, String operation, Firmware firmware, Sha256 digest) {
    return new FirmwareUpdate(
        new OperationKey(child, operation), firmware, digest, "http://127.0.0.1:8000/image");
  }

  /** The installation of an image by such an update. */
  public static Installation installation(
      ChildId child, String operation, Firmware firmware, FirmwareImage image) {
    return new Installation(update(child, operation, firmware, image.digest()), image);
  }
}
