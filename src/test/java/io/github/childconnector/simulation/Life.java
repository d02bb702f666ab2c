package io.github.childconnector.simulation;

import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.image.ScriptedSource;
import io.github.childconnector.journal.AllEntries;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.simulation.Scenario.Trait;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One process of the connector, from its start to the end of all that is asked, or until it is
 * killed or told to stop: with the real engine, journal, image store, requests and statuses.
 */
final class Life {
  static final Path OPERATIONS = Path.of("/storage/operations");
  static final Path IMAGES = Path.of("/storage/images");
  static final Duration LONGEST_READING = Duration.ofSeconds(30);

  private static final InstantSource SOME_DAY = () -> Instant.parse("2026-11-20T15:04:05Z");
  private static final Duration CONFIRM = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(500);

  /** Nothing more is to be expected of a connector that has been done for so long. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private static final Duration LONGEST = Duration.ofHours(2);

  /** No device here takes longer to be written, and what cannot be told is left for later. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(15);

  private final World world;
  private final FakeDisk disk;
  private final Mishaps mishaps;
  private final Scheduler scheduler;

  /** A life that has not begun. */
  Life(World world, FakeDisk disk, Mishaps mishaps, Scheduler scheduler) {
    this.world = world;
    this.disk = disk;
    this.mishaps = mishaps;
    this.scheduler = scheduler;
  }

  /** Lives; returns whether all is done, and so no further life is needed. */
  boolean live() {
    List<JournalEntry> entries = entries(disk);
    world.begin(entries);
    scheduler.limit(LONGEST);
    boolean[] done = new boolean[1];
    scheduler.run(() -> done[0] = process()).forEach(world::problem);
    world.moveTo(scheduler.nanoTime());
    return done[0];
  }

  private boolean process() {
    Disk stepped = new SteppedDisk(new RefusingDisk(disk, world, mishaps), scheduler);
    LegacyTopics topics = topics();
    SimulatedLink link = new SimulatedLink(scheduler, world, topics, mishaps);
    try {
      UpdateQueue queue =
          new UpdateQueue(settings(), children(stepped), ports(stepped, topics, link));
      queue.start();
      world.requireKnown(entries(disk));
      link.start(Set.of(), new Listener(queue, new LegacyRequests(topics, queue)));
      boolean done = awaitEnd();
      stop(queue);
      return done;
    } catch (IOException | UpdateException e) {
      if (!world.wasDiskRefused()) {
        world.problem("the connector does not start: " + e);
      }
      return false;
    } catch (InterruptedException e) {
      world.problem("the main thread was interrupted");
      return false;
    }
  }

  private void stop(UpdateQueue queue) {
    long begin = scheduler.nanoTime();
    queue.close();
    Duration taken = Duration.ofNanos(scheduler.nanoTime() - begin);
    // A step of a device that the disk does not take is waited for as the device is.
    Duration more = world.wasDiskRefused() ? world.scenario().grace() : Duration.ZERO;
    if (taken.compareTo(LONGEST_STOP.plus(more)) > 0) {
      world.problem("the stop took " + taken);
    }
  }

  private LegacyTopics topics() {
    return new LegacyTopics(
        world.scenario().children().stream()
            .collect(Collectors.toMap(Function.identity(), Function.identity())));
  }

  private Ports ports(Disk stepped, LegacyTopics topics, MqttLink link) throws UpdateException {
    ScriptedSource server =
        new ScriptedSource(new SimulatedFiles(scheduler, world.scenario(), mishaps));
    return new Ports(
        new Journal(OPERATIONS, stepped, SOME_DAY),
        server.store(IMAGES, downloads(), stepped, scheduler),
        List.of(new LegacyStatuses(topics, link, Succession.UPDATE_TIMEOUT)),
        scheduler,
        SOME_DAY);
  }

  private List<Child> children(Disk stepped) {
    return world.scenario().children().stream().map(child -> child(child, stepped)).toList();
  }

  private Child child(ChildId child, Disk stepped) {
    return new Child(
        child,
        new SimulatedAdapter(scheduler, world, child, stepped, mishaps),
        world.scenario().bus(),
        world.scenario().patience(),
        CONFIRM,
        LONGEST_READING);
  }

  private UpdateSettings settings() {
    Scenario scenario = world.scenario();
    Duration heartbeat = Duration.ofMillis(List.of(300, 700, 5000, 240_000).get(mishaps.chance(4)));
    return new UpdateSettings(
        1 + mishaps.chance(2),
        1 + mishaps.chance(3),
        heartbeat,
        Duration.ofMillis(300),
        Duration.ofMinutes(10),
        Duration.ofMillis(400),
        scenario.grace(),
        scenario.is(Trait.FORGETFUL) ? 2 : 100);
  }

  private static DownloadSettings downloads() {
    return new DownloadSettings(
        1 << 20,
        0,
        5,
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        Set.of(Requests.HOST),
        Optional.empty(),
        new TlsSettings(Optional.empty(), Optional.empty()));
  }

  private boolean awaitEnd() {
    while (!isDone()) {
      if (world.stopsNow(scheduler.nanoTime())) {
        return false;
      }
      pass(LOOK);
    }
    mishaps.stop();
    pass(QUIET);
    return isDone() || awaitEnd();
  }

  private void pass(Duration length) {
    boolean unused =
        scheduler.waitFor("the end", () -> false, scheduler.nanoTime() + length.toNanos());
  }

  private boolean isDone() {
    return mishaps.isCalm() && world.isSatisfied() && entries(disk).stream().allMatch(Life::isOver);
  }

  private static boolean isOver(JournalEntry entry) {
    return entry.stage().isEnd() && entry.reported();
  }

  static List<JournalEntry> entries(FakeDisk disk) {
    try {
      disk.createDirectory(OPERATIONS);
      return AllEntries.of(new Journal(OPERATIONS, disk, SOME_DAY));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** As the connector's own. */
  private record Listener(UpdateQueue queue, LegacyRequests requests) implements MqttLink.Listener {
    @Override
    public void up() {
      queue.announce();
    }

    @Override
    public void refused(String why) {
      queue.announce();
    }

    @Override
    public void changed(State state, String why) {
      if (state == State.DOWN) {
        queue.linkLost();
      }
    }

    @Override
    public void received(Delivery delivery) throws InterruptedException {
      requests.receive(delivery);
    }
  }
}
