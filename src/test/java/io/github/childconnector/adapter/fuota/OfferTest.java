package io.github.childconnector.adapter.fuota;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.adapter.endpoint.OfferEnd;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.image.FirmwareImages;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.world.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
final class OfferTest {
  private final PolledDevice device = new PolledDevice(FakeClock.standing());
  private final List<Boolean> held = new ArrayList<>();
  private final RecordingProgress progress = new Guarded();
  private Offer offer;

  /** Remembers with each word whether a monitor was held while it was told. */
  private final class Guarded extends RecordingProgress {
    private void note() {
      held.add(
          Thread.holdsLock(device) || Thread.holdsLock(offer) || Thread.holdsLock(offer.end()));
    }

    @Override
    public void percent(int percent) {
      note();
      super.percent(percent);
    }

    @Override
    public void step(Step step) {
      note();
      super.step(step);
    }

    @Override
    public void message(String text) {
      note();
      super.message(text);
    }
  }

  @BeforeEach
  void begin(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("image"), EspImages.of("1.1"));
    offer =
        new Offer(
            Samples.installation(
                new ChildId("meter"),
                "op",
                new Firmware("fw", "1.1"),
                FirmwareImages.verified(file)),
            progress,
            new OfferEnd(device.clock(), () -> {}));
    device.begin(offer);
  }

  @Test
  void whatIsToldIsToldWithoutAMonitor() {
    assertThat(device.poll("1.0")).contains(offer.file());
    offer.begun();
    offer.sent(offer.size());
    offer.taken();
    assertThat(device.poll("1.0")).contains(offer.file());

    assertThat(progress.said())
        .containsExactly(
            "step WRITE",
            "100%",
            "step ATTACH",
            "The device polls with its old version again; the image is offered again");
    assertThat(held).hasSize(4).containsOnly(false);
  }
}
