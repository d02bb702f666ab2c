package io.github.childconnector.update;

import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.ImageSource;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import java.util.Optional;

/** Gets the verified image, and gets it back after a restart. */
final class Fetching {
  private final ImageSource images;

  Fetching(ImageSource images) {
    this.images = images;
  }

  /** Lets an operation in whose image may be fetched; the others need not wait for their turn. */
  Transition admit(Operation operation) {
    try {
      images.check(operation.update().url());
      return Transition.to(Stage.FETCHING);
    } catch (UpdateException e) {
      return Transition.to(Stage.FAILED, e.failure());
    }
  }

  /** The work of the stage fetching. */
  Transition fetch(Operation operation) throws InterruptedException {
    FirmwareUpdate update = operation.update();
    try {
      operation.keep(images.fetch(update.digest(), update.url(), EventLog.fetching(operation)));
      return Transition.to(Stage.READY);
    } catch (UpdateException e) {
      return Transition.to(Stage.FAILED, e.failure());
    }
  }

  /**
   * The work of the stage ready: the stored bytes are compared once more, however short ago they
   * came, because programs have been given their path that may have changed or removed them.
   */
  Transition present(Operation operation) throws InterruptedException {
    try {
      Optional<FirmwareImage> stored = images.find(operation.update().digest());
      stored.ifPresent(operation::keep);
      return Transition.to(stored.isPresent() ? Stage.INSTALLING : Stage.FETCHING);
    } catch (UpdateException e) {
      return Transition.to(Stage.FAILED, e.failure());
    }
  }
}
