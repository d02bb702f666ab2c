package io.github.childconnector.power;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.image.ImageStore;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.power.Scenario.Trait;
import io.github.childconnector.thinedge.LegacyRequests;
import io.github.childconnector.thinedge.LegacyStatuses;
import io.github.childconnector.thinedge.LegacyTopics;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.update.Child;
import io.github.childconnector.update.Ports;
import io.github.childconnector.update.UpdateQueue;
import io.github.childconnector.update.UpdateSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An engine from its start to the end of all that is asked, or until the power goes, with the real
 * journal, image store, requests and statuses.
 */
final class Life {
  static final Path OPERATIONS = Path.of("/storage/operations");
  static final Path IMAGES = Path.of("/storage/images");
  private static final ChildId CHILD = new ChildId("plc");
  private static final LegacyTopics TOPICS = new LegacyTopics(Map.of(CHILD, CHILD));

  /** On a clock that is set forward while nothing happens; no test is about these being over. */
  private static final Duration AGES = Duration.ofDays(10_000);

  /** Only a device that never runs the version is waited for so long. */
  private static final Duration CONFIRM = Duration.ofSeconds(10);

  private static final Duration LONGEST_LIFE = Duration.ofSeconds(90);

  private final Outside outside;
  private final FakeDisk disk;
  private final Power power;
  private final Images images;
  private final FakeClock clock = FakeClock.standing();

  Life(Outside outside, FakeDisk disk, Power power, Images images) {
    this.outside = outside;
    this.disk = disk;
    this.power = power;
    this.images = images;
  }

  /** Lives. */
  void live() throws InterruptedException {
    entries(disk).stream()
        .filter(entry -> entry.stage() == Stage.INSTALLING)
        .forEach(entry -> outside.findCutOff(entry.key().id()));
    Disk powered = new PoweredDisk(disk, power);
    PoweredLink link = new PoweredLink(outside, power);
    try {
      Ports ports = ports(powered, link);
      try (UpdateQueue queue = new UpdateQueue(settings(), List.of(child(powered)), ports)) {
        queue.start();
        outside.requireKnown(entries(disk));
        work(new LegacyRequests(TOPICS, queue), link);
      }
    } catch (IOException | UpdateException e) {
      if (!power.isOff()) {
        outside.problem("the connector does not start: " + e);
      }
    }
    if (power.isOff()) {
      outside.cut();
    }
  }

  private Ports ports(Disk powered, PoweredLink link) throws UpdateException {
    return new Ports(
        new Journal(OPERATIONS, powered, InstantSource.system()),
        new ImageStore(IMAGES, downloads(), powered, clock),
        new LegacyStatuses(TOPICS, link),
        clock,
        InstantSource.system());
  }

  private Child child(Disk powered) {
    PoweredDevice device = new PoweredDevice(outside, powered, power);
    return new Child(CHILD, device, Optional.empty(), AGES, CONFIRM, AGES);
  }

  private UpdateSettings settings() {
    Duration second = Duration.ofSeconds(1);
    int history = outside.scenario().is(Trait.FORGETFUL) ? 2 : 100;
    return new UpdateSettings(
        1, 1, AGES, second, AGES, Duration.ofSeconds(5), Duration.ZERO, history);
  }

  private static DownloadSettings downloads() {
    TlsSettings tls = new TlsSettings(Optional.empty(), Optional.empty());
    return new DownloadSettings(
        1 << 20, 0, 3, AGES, AGES, Set.of("127.0.0.1"), Optional.empty(), tls);
  }

  private void work(LegacyRequests requests, PoweredLink link) throws InterruptedException {
    Thread listener = new Thread(() -> listen(requests, link), "listener");
    listener.start();
    long end = System.nanoTime() + LONGEST_LIFE.toNanos();
    while (!power.isOff() && !isDone()) {
      if (!power.awaitStep(2)) {
        clock.advance(Duration.ofSeconds(5));
      }
      if (System.nanoTime() - end > 0) {
        outside.problem("hangs after " + power.last());
        break;
      }
    }
    listener.interrupt();
    listener.join();
  }

  private boolean isDone() {
    return outside.isSatisfied() && entries(disk).stream().allMatch(JournalEntry::reported);
  }

  static List<JournalEntry> entries(FakeDisk disk) {
    try {
      disk.createDirectory(OPERATIONS);
      return new Journal(OPERATIONS, disk, InstantSource.system()).read().entries();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void listen(LegacyRequests requests, PoweredLink link) {
    try {
      while (!power.isOff()) {
        String id = outside.pending();
        if (id.isEmpty()) {
          power.awaitStep(1000);
        } else {
          requests.receive(link.delivery(TOPICS.request(CHILD), images.request(id)));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
