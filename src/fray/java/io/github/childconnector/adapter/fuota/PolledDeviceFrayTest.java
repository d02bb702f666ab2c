package io.github.childconnector.adapter.fuota;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.SilentProgress;
import io.github.childconnector.adapter.endpoint.OfferEnd;
import io.github.childconnector.adapter.fuota.management.OfferedImage;
import io.github.childconnector.clock.FakeClock;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pastalab.fray.junit.junit5.FrayTestExtension;
import org.pastalab.fray.junit.junit5.annotations.FrayTest;

/** A device that polls while it is asked for its version, offered an image, and given it. */
@Tag("fray")
@ExtendWith(FrayTestExtension.class)
class PolledDeviceFrayTest {
  private static final FirmwareImage IMAGE = image();
  private static final Progress SILENT = new SilentProgress();

  private final PolledDevice device = new PolledDevice(FakeClock.standing());

  private static FirmwareImage image() {
    try {
      Path place = Files.createDirectories(Path.of("target", "fray"));
      return FirmwareImages.verified(Files.writeString(place.resolve("fuota.bin"), "image"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Offer offer() {
    Installation installation =
        Samples.installation(new ChildId("meter"), "op", new Firmware("fw", "2.0"), IMAGE);
    return new Offer(installation, SILENT, new OfferEnd(FakeClock.standing(), () -> {}));
  }

  /** A device whose update is given up was offered it in a poll, or never is. */
  @FrayTest(iterations = 5000, resetClassLoaderPerIteration = false)
  void anOfferIsWithdrawnBeforeThePollOrNotAtAll() throws InterruptedException {
    Offer offer = offer();
    List<Boolean> offered = new ArrayList<>();
    device.begin(offer);
    Thread polling = new Thread(() -> offered.add(device.poll("1.0").isPresent()), "polling");
    polling.start();
    boolean withdrawn = device.withdraw(offer);
    polling.join();
    assertThat(offered).containsExactly(!withdrawn);
  }

  /** A device fetches what it is offered and polls with the new version: the offer ends well. */
  @FrayTest(iterations = 5000, resetClassLoaderPerIteration = false)
  void anOfferEndsWithTheDevice() throws UpdateException, InterruptedException {
    Offer offer = offer();
    List<String> fetched = new ArrayList<>();
    Thread polling =
        new Thread(
            () -> {
              Optional<String> file = device.poll("1.0");
              while (file.isEmpty()) {
                Thread.yield();
                file = device.poll("1.0");
              }
              device.offered(file.get()).ifPresent(image -> fetch(image, fetched));
              device.poll("2.0");
            },
            "polling");
    polling.start();
    device.begin(offer);
    offer.end().await();
    device.end(offer);
    polling.join();
    assertThat(fetched).containsExactly(IMAGE.digest().hex());
    assertThat(device.poll("1.0")).isEmpty();
  }

  private static void fetch(OfferedImage image, List<String> fetched) {
    image.begun();
    fetched.add(image.file());
    image.taken();
  }
}
