package io.github.childconnector.adapter.fuota.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.adapter.fuota.EspImages;
import io.github.childconnector.adapter.fuota.management.EspImage.Chip;
import io.github.childconnector.adapter.fuota.management.ManagedFirmware.Row;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.ForwardingDisk;
import io.github.childconnector.disk.LocalDisk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
final class ManagedFirmwareTest {
  private static final Set<Chip> CHIPS = Set.of(Chip.ESP32);
  private static final String NAME = "fw.bin";

  @TempDir private Path directory;

  private final Lock writing = FakeClock.standing().threads().lock();
  private final List<Boolean> held = new ArrayList<>();
  private ManagedFirmware firmware;

  @BeforeEach
  void open() throws IOException {
    firmware = new ManagedFirmware(directory, new GuardedDisk(), writing);
    held.clear();
  }

  /** Remembers with each change whether a monitor was held. */
  private final class GuardedDisk extends ForwardingDisk {
    @Override
    public void rename(Path from, Path to) throws IOException {
      held.add(Thread.holdsLock(firmware));
      super.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      held.add(Thread.holdsLock(firmware));
      super.delete(file);
    }
  }

  @Test
  void whatLastsIsWrittenWithoutAMonitor() throws Exception {
    firmware.put(NAME, new ByteArrayInputStream(EspImages.of("1.1")), CHIPS);
    firmware.put(NAME, new ByteArrayInputStream(EspImages.of("1.2")), CHIPS);
    firmware.put(new Row("00001", "1.0", NAME));
    assertThat(firmware.delete("00001")).isTrue();
    assertThat(firmware.delete("00001")).isFalse();

    assertThat(held).hasSizeGreaterThanOrEqualTo(8).containsOnly(false);
  }

  @Test
  void whatWasPutIsThereAgainAtTheNextStart() throws Exception {
    firmware.put(NAME, new ByteArrayInputStream(EspImages.of("1.1")), CHIPS);
    firmware.put(new Row("00001", "1.0", NAME));

    ManagedFirmware again = new ManagedFirmware(directory, new LocalDisk(), writing);

    assertThat(again.rows()).containsExactly(new Row("00001", "1.0", NAME));
    assertThat(again.image(NAME)).isEqualTo(firmware.image(NAME)).isPresent();
  }
}
