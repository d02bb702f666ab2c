package io.github.childconnector.conformance;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Trial.Check;
import io.github.childconnector.clock.Deadline;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.conformance.Subject.Release;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.update.Child;
import io.github.childconnector.update.DeviceCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

/** The device on which the checks work, with the moves that an engine makes on it. */
final class Workbench {
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** How many calls a family's own check may make: an update module has many states. */
  private static final int CALLS_IN_CHECK = 10;

  private final Subject subject;
  private final ImageShelf shelf;
  private final MonotonicClock clock;
  private Optional<Duration> usual = Optional.empty();

  Workbench(Subject subject, ImageShelf shelf, MonotonicClock clock) {
    this.subject = subject;
    this.shelf = shelf;
    this.clock = clock;
  }

  Subject subject() {
    return subject;
  }

  DeviceAdapter adapter() {
    return subject.trial().adapter();
  }

  String wantedVersion() {
    return subject.wanted().firmware().version().strip();
  }

  boolean canSee() {
    return device().canSee();
  }

  /** A new update to the wanted firmware. */
  Installation next() throws UpdateException, IOException, InterruptedException {
    return next(subject.wanted().firmware(), shelf.copyOf(subject.wanted().file()));
  }

  /** A new update to an image of this name. */
  Installation next(Firmware firmware, FirmwareImage image) {
    OperationKey key = new OperationKey(subject.child().id(), "adapter-test-" + UUID.randomUUID());
    String url = "http://127.0.0.1/adapter-test";
    return new Installation(new FirmwareUpdate(key, firmware, image.digest(), url), image);
  }

  ImageShelf shelf() {
    return shelf;
  }

  /**
   * Brings the device to where a check begins: to the previous firmware, if there is one.
   *
   * @return which version it runs then, if that can be seen
   */
  Optional<String> begin() throws Finding, UpdateException, IOException, InterruptedException {
    if (subject.previous().isPresent()) {
      Release previous = subject.previous().get();
      complete(next(previous.firmware(), shelf.copyOf(previous.file())));
    }
    return version();
  }

  /** A whole update; whatever goes wrong with it is a finding. */
  void complete(Installation installation) throws Finding, UpdateException, InterruptedException {
    Attempt attempt = install(adapter(), installation);
    if (attempt.failure().isPresent()) {
      throw Finding.failed(
          "An update that nobody disturbs fails: %s".formatted(attempt.failure().get()));
    }
    note(attempt);
    awaitVersion(installation.update(), Set.of(installation.update().firmware().version().strip()));
    commit(installation.update());
  }

  /** Takes into account how long one took that nobody disturbed. */
  void note(Attempt attempt) {
    usual =
        usual
            .filter(least -> least.compareTo(attempt.took()) < 0)
            .or(() -> Optional.of(attempt.took()));
  }

  /** The shortest time that an undisturbed installation has taken. */
  Duration usual() {
    return usual.orElse(Duration.ZERO);
  }

  /** Calls {@code install} within the child's time. */
  Attempt install(DeviceAdapter adapter, Installation installation)
      throws Finding, InterruptedException {
    Duration most = subject.child().installTimeout();
    Attempt attempt = cutOff(adapter, installation, most);
    if (attempt.wasCut()) {
      throw tooLong("install", most);
    }
    return attempt;
  }

  /** Calls {@code install}, and stops it as the engine does when its time is up. */
  Attempt cutOff(DeviceAdapter adapter, Installation installation, Duration after)
      throws InterruptedException {
    List<String> heard = new ArrayList<>();
    long start = clock.nanoTime();
    Optional<String> failure = Optional.empty();
    boolean wasCut = false;
    try {
      device(adapter).install(installation, heard::add, after);
    } catch (UpdateException e) {
      failure = Optional.of(e.failure().sentence());
    } catch (DeviceBusyException e) {
      failure = Optional.of("The device is busy: " + e.getMessage());
    } catch (TimeoutException e) {
      wasCut = true;
    }
    Duration took = Duration.ofNanos(clock.nanoTime() - start);
    return new Attempt(installation, failure, List.copyOf(heard), took, wasCut);
  }

  private DeviceCalls device(DeviceAdapter adapter) {
    Child child = subject.child();
    return new DeviceCalls(
        new Child(
            child.id(),
            adapter,
            child.bus(),
            child.installTimeout(),
            child.confirmTimeout(),
            child.versionTimeout()),
        clock);
  }

  private DeviceCalls device() {
    return device(adapter());
  }

  /** Ends what a cut installation has left at work. */
  void endLeftovers(FirmwareUpdate update) throws Finding, UpdateException, InterruptedException {
    try {
      device().endLeftovers(update);
    } catch (TimeoutException e) {
      throw Finding.failed(
          "What the interrupted installation had started could not be ended within %s. Let every process end when it gets TERM."
              .formatted(DurationText.write(subject.child().installTimeout())));
    } catch (DeviceBusyException e) {
      throw Finding.failed(
          "What the interrupted installation had started could not be ended: %s. Let every process end when it gets TERM."
              .formatted(e.getMessage()));
    }
  }

  void commit(FirmwareUpdate update) throws Finding, UpdateException, InterruptedException {
    try {
      device().commit(update, line -> {}, subject.child().installTimeout());
    } catch (TimeoutException e) {
      throw tooLong("commit", subject.child().installTimeout());
    }
  }

  void restore(FirmwareUpdate update) throws Finding, UpdateException, InterruptedException {
    try {
      device().restore(update, line -> {});
    } catch (TimeoutException e) {
      throw tooLong("rollback", subject.child().installTimeout());
    }
  }

  Optional<String> run(Check check, Installation installation)
      throws Finding, UpdateException, InterruptedException {
    Duration most = subject.child().installTimeout().multipliedBy(CALLS_IN_CHECK);
    try {
      return device().within(most, () -> check.work().run(installation, line -> {}));
    } catch (TimeoutException e) {
      throw tooLong(check.name(), most);
    }
  }

  private static Finding tooLong(String what, Duration most) {
    return Finding.failed(
        "%s had not ended after %s, and was stopped. Let it give up by itself, or allow it more time (--timeout, install_timeout)."
            .formatted(what, DurationText.write(most)));
  }

  /** The version the device runs; empty where nobody can see it. */
  Optional<String> version() throws Finding, UpdateException, IOException, InterruptedException {
    return canSee() ? Optional.of(read(next().update())) : Optional.empty();
  }

  private String read(FirmwareUpdate update) throws Finding, UpdateException, InterruptedException {
    try {
      return device().readVersion(update).orElseThrow().strip();
    } catch (TimeoutException e) {
      throw Finding.failed(
          "read_version had not ended after version_timeout (%s), and was stopped. It is asked often: let it be quick, or raise version_timeout."
              .formatted(DurationText.write(subject.child().versionTimeout())));
    }
  }

  /** Waits until the device runs this version, if it is known. */
  void awaitVersion(FirmwareUpdate update, Optional<String> version)
      throws Finding, InterruptedException {
    if (version.isPresent()) {
      awaitVersion(update, Set.of(version.get()));
    }
  }

  /** Waits until the device runs one of these versions; where nobody can see it, it does. */
  void awaitVersion(FirmwareUpdate update, Set<String> versions)
      throws Finding, InterruptedException {
    if (!canSee()) {
      return;
    }
    Deadline deadline = Deadline.after(subject.child().confirmTimeout(), clock);
    while (true) {
      boolean isLast = deadline.expired();
      String seen = seen(update);
      if (versions.contains(seen)) {
        return;
      }
      if (isLast) {
        throw Finding.failed(
            "The device should run version %s now, but read_version says: %s"
                .formatted(String.join(" or ", versions), seen));
      }
      clock.sleep(deadline.atMost(PAUSE));
    }
  }

  private String seen(FirmwareUpdate update) throws Finding, InterruptedException {
    try {
      return read(update);
    } catch (UpdateException e) {
      return e.failure().sentence();
    }
  }

  /**
   * A call of {@code install}, to its end.
   *
   * @param failure why it failed
   * @param said what was heard of it, a line each
   * @param took how long it lasted
   * @param wasCut whether its time was up before it had ended
   */
  record Attempt(
      Installation installation,
      Optional<String> failure,
      List<String> said,
      Duration took,
      boolean wasCut) {

    boolean isSuccess() {
      return failure.isEmpty() && !wasCut;
    }

    Optional<String> remark(String beginning) {
      return said.stream().filter(line -> line.startsWith(beginning)).findFirst();
    }
  }
}
