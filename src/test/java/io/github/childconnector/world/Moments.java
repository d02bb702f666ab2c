package io.github.childconnector.world;

import static io.github.childconnector.world.Gateway.requestTopic;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.OperationKey;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Operations that are held at every moment at which a fault may strike, each of a child of its own,
 * so that one fault strikes them all.
 */
public final class Moments {
  private static final Duration LONGEST = Patience.LONGEST;

  private final Gateway gateway;
  private final HoldingDisk disk;
  private final IntSupplier waiting;
  private final Map<Moment, FakeDevice> devices = new EnumMap<>(Moment.class);

  /** Where an operation is when the fault strikes. */
  public enum Moment {
    /** Ended and reported. */
    ENDED,
    /** The adapter is at the device. */
    INSTALLING,
    /** As before, but it ends while the fault lasts. */
    ENDING,
    /** The device is asked for its version, and does not answer. */
    CONFIRMING,
    /** The image is on its way. */
    FETCHING,
    /** The request is being written to the journal. */
    ARRIVING,
    /** The request has arrived behind another that is being written. */
    WAITING,
    /** The request is not sent yet. */
    UNSENT;

    public String child() {
      return name().toLowerCase(Locale.ROOT);
    }

    public String first() {
      return "first-" + child();
    }

    public String second() {
      return "second-" + child();
    }
  }

  /**
   * Configures a child for each moment.
   *
   * @param disk where the journal lies
   * @param waiting how many messages wait for the one that is being taken in
   */
  public Moments(Gateway gateway, HoldingDisk disk, IntSupplier waiting) {
    this.waiting = waiting;
    this.gateway = gateway;
    this.disk = disk;
    for (Moment moment : Moment.values()) {
      String patience = moment == Moment.INSTALLING ? "2s" : "5m";
      devices.put(moment, gateway.child(moment.child(), "confirm_timeout = \"" + patience + "\""));
    }
  }

  public static HoldingDisk disk() {
    return new HoldingDisk(Moment.ARRIVING.first());
  }

  public FakeDevice device(Moment moment) {
    return Optional.ofNullable(devices.get(moment)).orElseThrow();
  }

  /** Returns when the broker would remember the subscriptions through a crash. */
  public void awaitSubscribed() {
    for (Moment moment : Moment.values()) {
      gateway.broker.awaitSaved(requestTopic(moment.child()));
    }
  }

  /** Brings an operation to each moment. */
  public void hold() throws IOException {
    device(Moment.INSTALLING).waits();
    device(Moment.ENDING).waits();
    device(Moment.CONFIRMING).reboots();
    for (Moment moment :
        new Moment[] {Moment.ENDED, Moment.INSTALLING, Moment.ENDING, Moment.CONFIRMING}) {
      sendFirst(moment);
    }
    gateway.awaitEnd(Moment.ENDED.child(), Moment.ENDED.first());
    await().atMost(LONGEST).until(device(Moment.INSTALLING)::isInstalling);
    await().atMost(LONGEST).until(device(Moment.ENDING)::isInstalling);
    await().atMost(LONGEST).until(() -> runsFirst(Moment.CONFIRMING));
    holdDownload();
    holdArrival();
  }

  private void holdDownload() throws IOException {
    int before = gateway.files.requests();
    gateway.files.hold();
    sendFirst(Moment.FETCHING);
    await().atMost(LONGEST).until(() -> gateway.files.requests() > before);
  }

  private void holdArrival() throws IOException {
    sendFirst(Moment.ARRIVING);
    await().atMost(LONGEST).until(disk::isHolding);
    sendFirst(Moment.WAITING);
    // More where the link was lost meanwhile and all of it has come again.
    await().atMost(LONGEST).until(() -> waiting.getAsInt() >= 1);
    gateway.broker.save();
    gateway.broker.awaitSaved(Moment.ARRIVING.first());
    gateway.broker.awaitSaved(Moment.WAITING.first());
  }

  public void sendFirst(Moment moment) throws IOException {
    gateway.send(moment.child(), moment.first(), version(moment.first()));
  }

  public void sendSecond(Moment moment) throws IOException {
    gateway.send(moment.child(), moment.second(), version(moment.second()));
  }

  public static String version(String operation) {
    return "v-" + operation;
  }

  private boolean runsFirst(Moment moment) {
    return device(moment).version().equals(version(moment.first()));
  }

  /** Lets one operation end. */
  public void endOne() {
    device(Moment.ENDING).goesOn();
    Journal journal =
        new Journal(
            gateway.storage().resolve("operations"), new LocalDisk(), InstantSource.system());
    OperationKey key = new OperationKey(new ChildId(Moment.ENDING.child()), Moment.ENDING.first());
    await()
        .atMost(LONGEST)
        .until(() -> journal.find(key).filter(entry -> entry.stage().isEnd()).isPresent());
  }

  /** Lets all operations go on. */
  public void release() {
    disk.release();
    gateway.files.release();
    device(Moment.INSTALLING).goesOn();
    device(Moment.CONFIRMING).answers(true);
    devices.values().forEach(FakeDevice::isWell);
  }
}
