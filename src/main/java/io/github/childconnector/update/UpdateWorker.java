package io.github.childconnector.update;

import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.fault.LastingFault;
import io.github.childconnector.image.FetchProgress;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.ImageSource;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.operation.VersionText;
import io.github.childconnector.update.Operation.Transition;
import java.util.Optional;

/**
 * Does the work of whichever stage an operation is in; all that comes before the device, itself.
 */
final class UpdateWorker implements AutoCloseable {
  private final ImageSource images;
  private final Recorder recorder;
  private final Timekeeper times;
  private final DeviceWork device;
  private final MonotonicClock clock;
  private final Room room;
  private final LeftoverWait leftovers;

  UpdateWorker(UpdateSettings settings, Ports ports, Recorder recorder, Room room) {
    this.recorder = recorder;
    this.images = ports.images();
    this.times = new Timekeeper(recorder, ports.clock());
    this.device = new DeviceWork(settings, ports.clock(), times);
    this.clock = ports.clock();
    this.room = room;
    this.leftovers = new LeftoverWait(ports.clock());
  }

  /**
   * The next stage, and never an exception but the interrupt: a fault ends the operation.
   *
   * @throws Error the fault lasts as long as the process; the next one takes the operation up, and
   *     makes an end of it if that comes again
   */
  Transition work(Operation operation) throws InterruptedException {
    try {
      return listed(operation, workOfStage(operation));
    } catch (RuntimeException | Error fault) {
      if (!operation.isCutOff()) {
        LastingFault.rethrow(fault);
      }
      return fault(operation, fault);
    }
  }

  static Transition fault(Operation operation, Throwable fault) {
    EventLog.fault(operation, fault);
    return Transition.to(Stage.FAILED, EventLog.internal(fault));
  }

  private static Transition listed(Operation operation, Transition transition) {
    if (transition.next() != operation.stage()) {
      operation.entry().requireFollower(transition.next());
    }
    return transition;
  }

  private Transition workOfStage(Operation operation) throws InterruptedException {
    Optional<Transition> held = leftovers.holdBack(operation);
    return held.isPresent() ? held.get() : freeWorkOfStage(operation);
  }

  private Transition freeWorkOfStage(Operation operation) throws InterruptedException {
    return switch (operation.stage()) {
      case QUEUED -> Transition.to(Stage.CHECKING);
      case CHECKING -> check(operation);
      case FETCHING -> fetch(operation);
      case READY -> present(operation);
      case INSTALLING -> device.install(operation);
      case CONFIRMING -> device.confirm(operation);
      case ROLLING_BACK -> DeviceWork.rollBack(operation);
      case SUCCESSFUL, FAILED -> throw new IllegalStateException(operation.key() + " has ended");
    };
  }

  /**
   * A device that runs the firmware already is left alone, unless another of that version was
   * installed last, or the request wants it all the same.
   */
  private Transition check(Operation operation) throws InterruptedException {
    Optional<String> objection = VersionText.objection(operation.update().firmware().version());
    if (operation.device().canSee() && objection.isPresent()) {
      return Transition.to(Stage.FAILED, neverSeen(objection.get()));
    }
    Optional<DeviceCalls.Reading> reading = operation.device().ask(operation.update());
    boolean installed = reading.isPresent() && reading.get().isWanted();
    reading.ifPresent(answer -> EventLog.note(operation, answer.sentence()));
    return installed && mayBeLeft(operation) ? Transition.to(Stage.SUCCESSFUL) : admit(operation);
  }

  private boolean mayBeLeft(Operation operation) throws InterruptedException {
    if (operation.update().isForced()) {
      EventLog.note(operation, "Installed all the same, because the request forces it");
      return false;
    }
    Optional<LastInstalled.Installed> last = recorder.lastInstalled(operation.child().id());
    Optional<LastInstalled.Installed> other =
        last.filter(installed -> !installed.isSame(operation.update()));
    other.ifPresent(
        installed ->
            EventLog.note(
                operation,
                "Installed all the same, because the last update brought something else: "
                    + installed));
    return other.isEmpty();
  }

  private static Failure neverSeen(String objection) {
    return new Failure(
        FailureCode.REQUEST_INVALID,
        "The version of the firmware %s, so the device could never be seen to run it. Give the firmware a version of 1 to %d visible characters in the cloud."
            .formatted(objection, VersionText.MAX_LENGTH));
  }

  /** Accepts an operation if its image's URL is allowed; the others need not wait for a turn. */
  private Transition admit(Operation operation) throws InterruptedException {
    FirmwareUpdate update = operation.update();
    try {
      images.check(update.url());
      return recorder
          .brokenPromises()
          .before(update)
          .map(promised -> Transition.to(Stage.FAILED, damaged(update, promised)))
          .orElseGet(() -> Transition.to(Stage.FETCHING));
    } catch (UpdateException e) {
      return Transition.to(Stage.FAILED, e.failure());
    }
  }

  private static Failure damaged(FirmwareUpdate update, Sha256 promised) {
    return new Failure(
        FailureCode.DIGEST_MISMATCH,
        "This file was promised with the SHA-256 %s before, and refused because it had %s, which is promised now: thin-edge's copy is damaged. Delete that copy below /var/tedge/cache, or upload the firmware under a new URL, then send the update again."
            .formatted(promised, update.knownDigest()));
  }

  private Transition fetch(Operation operation) throws InterruptedException {
    FirmwareUpdate update = operation.update();
    room.begin(operation);
    try {
      operation.keep(image(operation, update));
      return Transition.to(Stage.READY);
    } catch (UpdateException e) {
      if (e.found().isPresent()) {
        recorder.brokenPromises().add(update, e.found().get());
      }
      return e.failure().code() == FailureCode.DISK_FULL
          ? awaitRoom(operation, e.failure())
          : Transition.to(Stage.FAILED, e.failure());
    } finally {
      room.end(operation);
    }
  }

  private FirmwareImage image(Operation operation, FirmwareUpdate update)
      throws UpdateException, InterruptedException {
    FetchProgress progress = EventLog.fetching(operation);
    if (update.digest().isPresent()) {
      return images.fetch(update.digest().get(), update.url(), progress);
    }
    FirmwareImage fetched = images.fetch(update.url(), progress);
    operation.found(fetched.digest());
    EventLog.note(
        operation, "Nobody promised a digest; the image has the SHA-256 " + fetched.digest());
    return fetched;
  }

  /** Waits while other updates hold images that will go, as long as a download may take. */
  private Transition awaitRoom(Operation operation, Failure full) {
    boolean isFirst = !operation.hasAwaitedRoom();
    Deadline limit = operation.room(Deadline.after(images.deadline(), clock));
    if (limit.expired() || !room.isAwaited(operation)) {
      return Transition.to(Stage.FAILED, full);
    }
    if (isFirst) {
      EventLog.note(
          operation, "Waits until other updates free room on the disk: " + full.sentence());
    }
    return Transition.rest(
        Stage.FETCHING, limit.remaining(), new Wait(Wait.Kind.ROOM, full.sentence()));
  }

  /**
   * Compares the stored bytes once more, however short ago they came, because programs have been
   * given their path that may have changed or removed them.
   */
  private Transition present(Operation operation) throws InterruptedException {
    if (operation.offer().isPresent()) {
      return device.awaitDevice(operation, operation.offer().get());
    }
    try {
      Optional<FirmwareImage> stored = images.find(operation.update().knownDigest());
      stored.ifPresent(operation::keep);
      return stored.isPresent() ? device.begin(operation) : Transition.to(Stage.FETCHING);
    } catch (UpdateException e) {
      return Transition.to(Stage.FAILED, e.failure());
    }
  }

  /** Notes how long the operations have worked within their limits, once nobody works any more. */
  @Override
  public void close() {
    times.close();
  }
}
