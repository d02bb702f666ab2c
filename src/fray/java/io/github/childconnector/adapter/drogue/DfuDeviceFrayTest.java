package io.github.childconnector.adapter.drogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.DeviceBusyException;
import io.github.childconnector.adapter.DeviceAdapter.Endpoint;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.SilentProgress;
import io.github.childconnector.adapter.drogue.DrogueSettings.BlockRules;
import io.github.childconnector.adapter.drogue.TransportSettings.DeviceAddress;
import io.github.childconnector.adapter.drogue.wire.CborCodec;
import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import io.github.childconnector.adapter.drogue.wire.DeviceVersion;
import io.github.childconnector.adapter.drogue.wire.Status;
import io.github.childconnector.adapter.endpoint.OfferEnd;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.image.FirmwareImage;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.FrayTest;

/** A device that speaks while an update of it begins, goes on and ends. */
@Tag("fray")
@ExtendWith(FrayTestExtension.class)
class DfuDeviceFrayTest {
  private static final ChildId CHILD = new ChildId("meter");
  private static final FirmwareImage IMAGE = image();
  private static final Progress SILENT = new SilentProgress();

  private final FakeClock clock = FakeClock.standing();
  private final FakeTransport transport = new FakeTransport(clock);
  private final DrogueAdapter adapter =
      new DrogueAdapter(
          CHILD,
          new DrogueSettings(
              new DeviceAddress(FakeTransport.SETTINGS, "meter-1", Optional.empty()),
              Path.of("/drogue"),
              new BlockRules(4, 1, Optional.empty()),
              16,
              Optional.empty(),
              2,
              Duration.ofMinutes(5)),
          Transport.leases(clock, transport),
          new FakeDisk());

  private static FirmwareImage image() {
    try {
      Path place = Files.createDirectories(Path.of("target", "fray"));
      return FirmwareImages.verified(Files.writeString(place.resolve("drogue.bin"), "1234567"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Installation installation() {
    return Samples.installation(CHILD, "op", new Firmware("fw", "2.0"), IMAGE);
  }

  private static Status status(String version, long offset) {
    return new Status(
        DeviceVersion.of(version),
        Optional.of(512L),
        Optional.empty(),
        offset == 0
            ? Optional.empty()
            : Optional.of(new Status.Received(DeviceVersion.of("2.0"), offset)));
  }

  private String say(Status status) {
    try {
      return CborDevice.text(transport.device().answer(CborDevice.write(status)).orElseThrow());
    } catch (FormatException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks until it is given the first block, takes the second, and starts what it has got. */
  private void live(List<String> told) {
    String first = say(status("1.0", 0));
    while (first.startsWith("sync")) {
      Thread.yield();
      first = say(status("1.0", 0));
    }
    told.add(first);
    told.add(say(status("1.0", 4)));
    told.add(say(status("1.0", 7)));
    told.add(say(status("2.0", 0)));
  }

  /** However the device's words fall, it is written once, and the installation ends with it. */
  @FrayTest(iterations = 500, resetClassLoaderPerIteration = false)
  void aDeviceThatSpeaksAtAnyMomentIsUpdated()
      throws IOException, DeviceBusyException, UpdateException, InterruptedException {
    Endpoint endpoint = adapter.endpoint().orElseThrow();
    endpoint.open();
    List<String> told = new ArrayList<>();
    Thread device = new Thread(() -> live(told), "device");
    device.start();
    adapter.install(installation(), SILENT);
    device.join();
    assertThat(told)
        .containsExactly("write 2.0 at 0 +4", "write 2.0 at 4 +3", told.get(2), "sync 2.0");
    assertThat(told.get(2)).startsWith("swap");
    assertThat(say(status("1.0", 0))).isEqualTo("sync 1.0");
    endpoint.close();
    assertThat(transport.isOpen()).isFalse();
  }

  /** A device whose update is given up has either been written, or never will be. */
  @FrayTest(iterations = 1000, resetClassLoaderPerIteration = false)
  void anOfferIsWithdrawnBeforeTheFirstBlockOrNotAtAll() throws IOException, InterruptedException {
    DfuDevice device = new DfuDevice("meter-1", CborCodec::new, clock);
    DeliveryRules rules =
        new DeliveryRules(DeviceVersion.of("2.0"), 7, new BlockRules(4, 1, Optional.empty()), 2);
    Offer offer =
        new Offer(
            DeliveryFile.open(new FakeDisk(), Path.of("/drogue"), installation().update(), rules),
            IMAGE,
            SILENT,
            new OfferEnd(clock, () -> {}));
    List<String> told = new ArrayList<>();
    Thread speaking =
        new Thread(() -> told.add(device.answer(status("1.0", 0)).getClass().getSimpleName()));
    device.begin(offer);
    speaking.start();
    boolean withdrawn = device.withdraw(offer);
    speaking.join();
    assertThat(told).containsExactly(withdrawn ? "Sync" : "Write");
  }
}
