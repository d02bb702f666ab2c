package io.github.childconnector.adapter.drogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.adapter.DeviceAdapter.Endpoint;
import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.drogue.DrogueSettings.BlockRules;
import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.DfuCommand;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.adapter.endpoint.Leases;
import io.github.childconnector.adapter.endpoint.OfferEnd;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.disk.ForwardingDisk;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.simulation.Scheduler;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an update makes of the statuses of a device, and what it is told without one. */
@NullMarked
final class DrogueAdapterTest {
  private static final ChildId CHILD = new ChildId("meter");

  @TempDir Path directory;

  private final FakeClock clock = FakeClock.standing();
  private final FakeTransport transport = new FakeTransport(clock);
  private final Leases<DeviceAddress, DfuDevice> transports = Transport.leases(clock, transport);
  private final RecordingProgress progress = new RecordingProgress();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private Disk disk = new LocalDisk();
  private DrogueAdapter adapter = adapter(CHILD, Duration.ofMinutes(5));
  private Endpoint endpoint = adapter.endpoint().orElseThrow();

  @BeforeEach
  void open() throws IOException {
    adapter = adapter(CHILD, Duration.ofMinutes(5));
    endpoint = adapter.endpoint().orElseThrow();
    endpoint.open();
  }

  @AfterEach
  void close() throws InterruptedException {
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join(90_000);
    }
    endpoint.close();
    assertThat(transport.isOpen()).isFalse();
  }

  private DrogueAdapter adapter(ChildId child, Duration pollTimeout) {
    return adapter(child, pollTimeout, transports);
  }

  private DrogueAdapter adapter(
      ChildId child, Duration pollTimeout, Leases<DeviceAddress, DfuDevice> leases) {
    BlockRules blocks = new BlockRules(256, 4, Optional.of((byte) 0xff));
    Path place = Optional.ofNullable(directory).orElse(Path.of("/")).resolve("drogue");
    return new DrogueAdapter(
        child,
        new DrogueSettings(
            new DeviceAddress(FakeTransport.SETTINGS, "meter-1", Optional.empty()),
            place,
            blocks,
            16,
            Optional.of(2000L),
            2,
            pollTimeout),
        leases,
        disk);
  }

  private Installation installation(String version, int size) throws IOException {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 7);
    FirmwareImage image =
        FirmwareImages.verified(Files.write(directory.resolve("image-" + size), bytes));
    return Samples.installation(CHILD, "op", new Firmware("fw", version), image);
  }

  private CompletableFuture<Boolean> install(String version, int size) throws IOException {
    Installation installation = installation(version, size);
    return background(
        () -> {
          adapter.install(installation, progress);
          return true;
        });
  }

  private <T> CompletableFuture<T> background(Callable<T> work) {
    CompletableFuture<T> end = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                end.complete(work.call());
              } catch (Exception e) {
                end.completeExceptionally(e);
              }
            });
    threads.add(thread);
    thread.start();
    return end;
  }

  private static Status status(String version) {
    return new Status(
        DeviceVersion.of(version), Optional.of(512L), Optional.of(7L), Optional.empty());
  }

  private static Status has(long offset) {
    return new Status(
        DeviceVersion.of("1.0"),
        Optional.of(512L),
        Optional.empty(),
        Optional.of(new Status.Received(DeviceVersion.of("2.0"), offset)));
  }

  private String say(Status status) throws Exception {
    return CborDevice.text(transport.device().answer(CborDevice.write(status)).orElseThrow());
  }

  /** Until an update has begun, the device is told to keep what it runs. */
  private void awaitFirstBlock() {
    await().until(() -> say(status("1.0")).startsWith("write 2.0 at 0"));
  }

  @Test
  void aDeviceWithoutAnUpdateIsToldToKeepWhatItRuns() throws Exception {
    DfuCommand command =
        CborDevice.read(transport.device().answer(CborDevice.write(status("1.0"))).orElseThrow());
    assertThat(command)
        .isEqualTo(new DfuCommand.Sync(DeviceVersion.of("1.0"), Optional.of(7L), Optional.empty()));
    assertThat(say(has(512))).isEqualTo("sync 1.0");
  }

  @Test
  void anUpdateEndsWhenTheDeviceRunsTheVersion() throws Exception {
    CompletableFuture<Boolean> end = install("2.0", 601);
    awaitFirstBlock();
    assertThat(say(has(256))).isEqualTo("write 2.0 at 256 +256");
    DfuCommand last =
        CborDevice.read(transport.device().answer(CborDevice.write(has(512))).orElseThrow());
    assertThat(last).isInstanceOf(DfuCommand.Write.class);
    byte[] data = DfuCommand.array(((DfuCommand.Write) last).data());
    assertThat(data).hasSize(92).endsWith(7, -1, -1, -1);
    DfuCommand swap =
        CborDevice.read(transport.device().answer(CborDevice.write(has(604))).orElseThrow());
    byte[] digest = DfuCommand.array(((DfuCommand.Swap) swap).checksum());
    byte[] written = Arrays.copyOf(Files.readAllBytes(directory.resolve("image-601")), 604);
    Arrays.fill(written, 601, 604, (byte) -1);
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(Sha256.of(written).hex());
    assertThat(say(status("2.0"))).isEqualTo("sync 2.0");
    assertThat(end.get()).isTrue();
    assertThat(progress.said())
        .containsSubsequence("step WRITE", "0%", "42%", "84%", "100%", "step ATTACH");
    assertThat(say(status("2.0"))).isEqualTo("sync 2.0");
    assertThat(directory.resolve("drogue")).isEmptyDirectory();
  }

  /** What speaks for it has kept an older status, and the device is starting the new version. */
  @Test
  void whatADeviceHadBeforeItWasToStartItIsNotAnswered() throws Exception {
    CompletableFuture<Boolean> end = install("2.0", 601);
    awaitFirstBlock();
    say(has(256));
    say(has(512));
    assertThat(say(has(604))).startsWith("swap");
    clock.advance(RecentSwap.SETTLING.minusMillis(1));
    assertThat(transport.device().answer(CborDevice.write(has(256)))).isEmpty();
    assertThat(say(status("2.0"))).isEqualTo("sync 2.0");
    assertThat(end.get()).isTrue();
  }

  @Test
  void whatItHasIsBelievedAgainAfterAWhile() throws Exception {
    CompletableFuture<Boolean> end = install("2.0", 601);
    awaitFirstBlock();
    say(has(256));
    say(has(512));
    assertThat(say(has(604))).startsWith("swap");
    assertThat(say(has(604))).startsWith("swap");
    clock.advance(RecentSwap.SETTLING);
    assertThat(say(has(256))).isEqualTo("sync 1.0");
    assertThat(end).isNotDone();
  }

  @Test
  void anIdleDeviceIsToldWhenToAskAgain() throws Exception {
    transport.device().idlePoll(Optional.of(Duration.ofMinutes(10)));
    DfuCommand command =
        CborDevice.read(transport.device().answer(CborDevice.write(status("1.0"))).orElseThrow());
    assertThat(command)
        .isEqualTo(
            new DfuCommand.Sync(DeviceVersion.of("1.0"), Optional.of(7L), Optional.of(600L)));
    clock.advance(Duration.ofMinutes(11));
    assertThat(transport.device().version()).isEqualTo("1.0");
    clock.advance(Duration.ofMinutes(1));
    assertThatThrownBy(() -> transport.device().version()).hasMessageContaining("said nothing");
  }

  @Test
  void anImageThatIsChangedAfterItWasComparedReachesNoDevice() throws Exception {
    CompletableFuture<Boolean> end = install("2.0", 601);
    awaitFirstBlock();
    assertThat(say(has(256))).isEqualTo("write 2.0 at 256 +256");
    byte[] changed = Files.readAllBytes(directory.resolve("image-601"));
    changed[600]++;
    Files.write(directory.resolve("image-601"), changed);

    assertThat(say(has(512))).isEqualTo("sync 1.0");

    assertThatThrownBy(end::get).hasMessageContaining("was changed after its digest was compared");
  }

  /** The device has said that it runs the version. */
  private CompletableFuture<Boolean> commit() throws Exception {
    CompletableFuture<Boolean> end = install("2.0", 100);
    awaitFirstBlock();
    assertThat(sync("2.0").poll()).contains(2L);
    assertThat(end.get()).isTrue();
    return background(
        () -> {
          adapter.commitment().orElseThrow().commit(installation("2.0", 100).update(), progress);
          return true;
        });
  }

  private DfuCommand.Sync sync(String version) throws Exception {
    byte[] command = transport.device().answer(CborDevice.write(status(version))).orElseThrow();
    return (DfuCommand.Sync) CborDevice.read(command);
  }

  private DfuCommand.Sync syncAfter(Duration pause, String version) throws Exception {
    clock.advance(pause);
    return sync(version);
  }

  @Test
  void aDeviceThatAsksAgainWhenItWasToldToKeepsTheVersion() throws Exception {
    CompletableFuture<Boolean> end = commit();
    syncAfter(Duration.ofSeconds(2), "2.0");
    assertThat(end.get()).isTrue();
    assertThat(syncAfter(Duration.ofSeconds(2), "2.0").poll()).isEmpty();
  }

  @Test
  void aDeviceThatSaysItAgainMayNotHaveHeardThatItMayKeepTheVersion() throws Exception {
    CompletableFuture<Boolean> end = commit();
    assertThat(syncAfter(Duration.ofMillis(999), "2.0").poll()).contains(2L);
    assertThat(syncAfter(Duration.ofSeconds(15), "2.0").poll()).contains(2L);
    assertThat(end).isNotDone();
    syncAfter(Duration.ofSeconds(3), "1.0");
    assertThatThrownBy(end::get)
        .hasRootCauseMessage(
            "The device ran version 2.0 and then 1.0: it was restarted before it had heard that it"
                + " may keep the new one. Send the update again.");
  }

  @Test
  void aDeviceThatAsksWhenItLikesIsBelievedInTheEnd() throws Exception {
    CompletableFuture<Boolean> end = commit();
    await()
        .until(
            () -> {
              syncAfter(Duration.ofSeconds(11), "2.0");
              return end.isDone();
            });
    assertThat(end.get()).isTrue();
  }

  @Test
  void aFailureIsToldAndTheDeviceKeepsWhatItRuns() throws Exception {
    CompletableFuture<Boolean> end = install("2.0", 100);
    awaitFirstBlock();
    assertThat(say(has(100))).startsWith("swap");
    assertThat(say(status("3.0"))).isEqualTo("sync 3.0");
    assertThatThrownBy(end::get)
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage(
            "The device took version 2.0 and now says that it runs 3.0. Build the firmware so that"
                + " it says 2.0, or give it the version 3.0 in the cloud.");
  }

  private void requireRefused(String version, int size, String sentence) {
    assertThatThrownBy(() -> adapter.install(installation(version, size), progress))
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void whatCannotEndWellIsNotBegun() {
    requireRefused("2.0", 0, "is empty");
    requireRefused(
        "2.0", 2001, "has 2004 bytes, with its padding, and the device has room for 2000");
    requireRefused("2.0\ud83d", 100, "half a character");
    requireRefused("2.0.0-with-a-tail", 100, "has 17 bytes and the device has room for 16");
  }

  @Test
  void aSilentDeviceIsBusy() throws Exception {
    try (Scheduler scheduler = Scheduler.ofThisThread(1)) {
      FakeTransport silent = new FakeTransport(scheduler);
      DrogueAdapter patient =
          adapter(CHILD, Duration.ofMinutes(5), Transport.leases(scheduler, silent));
      Endpoint served = patient.endpoint().orElseThrow();
      served.open();
      assertThatThrownBy(() -> patient.install(installation("2.0", 100), progress))
          .isInstanceOf(DeviceBusyException.class)
          .hasMessage(
              "it has sent no status to the broker at 127.0.0.1:1883 (dfu/DEVICE) as meter-1 for"
                  + " 5m: nobody is there");
      assertThat(Duration.ofNanos(scheduler.nanoTime())).isEqualTo(Duration.ofMinutes(5));
      assertThat(silent.device().answer(status("1.0"))).isInstanceOf(DfuCommand.Sync.class);
      served.close();
    }
  }

  @Test
  void aDeviceThatHasBegunMaySleep() throws Exception {
    CompletableFuture<Boolean> first = install("2.0", 1000);
    awaitFirstBlock();
    threads.forEach(Thread::interrupt);
    assertThatThrownBy(first::get).hasRootCauseInstanceOf(InterruptedException.class);
    adapter = adapter(CHILD, Duration.ofMillis(1));
    CompletableFuture<Boolean> second = install("2.0", 1000);
    await().until(() -> say(has(256)).equals("write 2.0 at 256 +256"));
    say(status("2.0"));
    assertThat(second.get()).isTrue();
  }

  @Test
  void silenceIsNoted() throws Exception {
    try (Scheduler scheduler = Scheduler.ofThisThread(1)) {
      Offer offer = offer(scheduler);
      Offer.Watch watch = offer.watch(scheduler, Duration.ofMinutes(1));
      scheduler.schedule(Duration.ofSeconds(30), () -> offer.answer(status("1.0")));
      scheduler.schedule(Duration.ofMinutes(6), () -> offer.answer(status("2.0")));
      offer.end().await();
      watch.close();
    }
    assertThat(progress.said())
        .containsExactly(
            "step WRITE",
            "0%",
            "The device has said nothing for 1m; it may sleep",
            "The device has said nothing for 2m; it may sleep");
  }

  private Offer offer(MonotonicClock waiting) throws IOException {
    Installation installation = installation("2.0", 100);
    DeliveryRules rules =
        new DeliveryRules(
            DeviceVersion.of("2.0"), 100, new BlockRules(256, 1, Optional.empty()), 2);
    DeliveryFile file =
        DeliveryFile.open(disk, directory.resolve("drogue"), installation.update(), rules);
    return new Offer(file, installation.image(), progress, new OfferEnd(waiting, () -> {}));
  }

  @Test
  void aRecordThatCannotBeWrittenStopsTheUpdateBeforeAnythingIsSent() throws Exception {
    disk =
        new ForwardingDisk() {
          @Override
          public Output create(Path file) throws IOException {
            throw new IOException("no space left on " + file.getFileName());
          }
        };
    adapter = adapter(CHILD, Duration.ofMinutes(5));
    CompletableFuture<Boolean> end = install("2.0", 100);
    await()
        .until(
            () -> {
              assertThat(say(status("1.0"))).isEqualTo("sync 1.0");
              return end.isDone();
            });
    assertThatThrownBy(end::get).hasMessageContaining("no space left on meter.delivery.tmp");
  }

  @Test
  void aRecordThatCannotBeRemovedIsNoFailure() throws Exception {
    disk =
        new ForwardingDisk() {
          @Override
          public void delete(Path file) throws IOException {
            throw new IOException("nothing can be removed from this disk");
          }
        };
    adapter = adapter(CHILD, Duration.ofMinutes(5));
    CompletableFuture<Boolean> end = install("2.0", 100);
    awaitFirstBlock();
    assertThat(say(status("2.0"))).isEqualTo("sync 2.0");
    assertThat(end.get()).isTrue();
    assertThat(progress.said())
        .contains("The record of the update stays: nothing can be removed from this disk");
  }

  @Test
  void theVersionIsThatOfAStatusThatIsNotOld() throws Exception {
    requireUnreadable("has not said anything since the connector started");
    say(status("1.0"));
    assertThat(version()).isEqualTo("1.0");
    clock.advance(Duration.ofMinutes(9));
    requireUnreadable("has said nothing for 9m; before that it ran 1.0");
  }

  private String version() throws Exception {
    return adapter.versionReader().orElseThrow().readVersion(installation("2.0", 1).update());
  }

  private void requireUnreadable(String sentence) {
    assertThatThrownBy(this::version)
        .isInstanceOf(UpdateException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void twoChildrenCannotHaveOneDevice() {
    DrogueAdapter other = adapter(new ChildId("other"), Duration.ofMinutes(5));
    assertThatThrownBy(() -> other.endpoint().orElseThrow().open())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("(dfu/DEVICE) as meter-1 is the device of meter and of other");
  }

  @Test
  void aTransportIsSharedAndClosedWithItsLastChild() throws Exception {
    Endpoint again = adapter(CHILD, Duration.ofMinutes(5)).endpoint().orElseThrow();
    again.open();
    say(status("1.0"));
    again.close();
    assertThat(version()).isEqualTo("1.0");
    assertThat(transport.opened()).isEqualTo(1);
  }

  @Test
  void aTransportThatFailsWhileItOpensHoldsNothing() throws Exception {
    endpoint.close();
    transport.failing(new IllegalStateException("unforeseen"));
    assertThatThrownBy(endpoint::open).hasMessage("unforeseen");
    assertThat(transport.isOpen()).isFalse();

    Endpoint other = adapter(new ChildId("other"), Duration.ofMinutes(5)).endpoint().orElseThrow();
    other.open();
    assertThat(say(status("1.0"))).isEqualTo("sync 1.0");
    other.close();
  }

  @Test
  void whatIsNoStatusIsNotAnswered() {
    assertThatThrownBy(() -> transport.device().answer(new byte[] {1, 2, 3}))
        .isInstanceOf(FormatException.class);
  }

  @Test
  void aCopyOfAStatusIsAnsweredOnce() throws Exception {
    CompletableFuture<Boolean> end = install("2.0", 1000);
    awaitFirstBlock();
    byte[] status = CborDevice.write(has(256));
    assertThat(transport.device().answerOnce(status)).isPresent();
    assertThat(transport.device().answerOnce(status)).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(transport.device().answerOnce(status)).isPresent();
    assertThat(transport.device().answer(status)).isPresent();
    assertThat(end).isNotDone();
  }
}
