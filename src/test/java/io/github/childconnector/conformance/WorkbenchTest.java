package io.github.childconnector.conformance;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.Trial;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.conformance.Subject.Release;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.DownloadSettings;
import io.github.childconnector.image.ImageStore;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.tls.TlsSettings;
import io.github.childconnector.update.Child;
import io.github.childconnector.world.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sentences about adapters that do not let go. */
@Timeout(60)
class WorkbenchTest {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  private static final DownloadSettings NO_DOWNLOADS =
      new DownloadSettings(
          1,
          0,
          1,
          LIMIT,
          LIMIT,
          Set.of(),
          Optional.empty(),
          new TlsSettings(Optional.empty(), Optional.empty()));

  private final FakeClock clock = FakeClock.jumping();

  /** An adapter whose leftovers take an hour to end. */
  private final class LingeringAdapter implements DeviceAdapter {
    @Override
    public void install(Installation installation, Progress progress) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void endLeftovers(FirmwareUpdate update) throws InterruptedException {
      clock.sleep(Duration.ofHours(1));
      clock.sleep(Duration.ofHours(1));
    }
  }

  @Test
  void leftoversThatDoNotEndAreToldWithTheRemedy(@TempDir Path directory) throws Exception {
    DeviceAdapter adapter = new LingeringAdapter();
    Child child =
        new Child(
            new ChildId("plc"), adapter, Optional.empty(), LIMIT, LIMIT, Duration.ofSeconds(1));
    Firmware firmware = new Firmware("plc", "2.0");
    Subject subject =
        new Subject(
            child,
            new Trial(adapter, hardship -> Optional.empty(), List.of()),
            new Release(firmware, directory.resolve("image")),
            Optional.empty(),
            false,
            Set.of());
    ImageStore store = new ImageStore(directory, NO_DOWNLOADS, new LocalDisk(), clock);
    Workbench bench = new Workbench(subject, new ImageShelf(directory, store), clock);
    FirmwareUpdate update = Samples.update(child.id(), "op", firmware, new Sha256("0".repeat(64)));

    assertThatThrownBy(() -> bench.endLeftovers(update))
        .isInstanceOf(Finding.class)
        .hasMessage(
            "What the interrupted installation had started could not be ended within 10m. Let"
                + " every process end when it gets TERM.");
  }
}
