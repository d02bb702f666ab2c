package io.github.childconnector.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.TestConnector;
import io.github.childconnector.disk.ForwardingDisk;
import io.github.childconnector.systemd.NotifyListener;
import io.github.childconnector.world.Gateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk holds updates up, and nothing else. */
@NullMarked
@IntegrationTest
final class FullDiskTest {
  @TempDir Path directory;

  private final CrampedDisk disk = new CrampedDisk();
  private Gateway gateway;

  private static final class CrampedDisk extends ForwardingDisk {
    private volatile boolean isFull;

    @Override
    public Output create(Path file) throws IOException {
      if (isFull) {
        throw new IOException("No space left on device");
      }
      return super.create(file);
    }
  }

  @BeforeEach
  void open() throws IOException {
    gateway = new Gateway(directory);
    gateway.child("plc");
  }

  @AfterEach
  void close() throws IOException {
    gateway.close();
  }

  @Test
  void theServiceIsReadyWhileARequestWaitsForTheJournal() throws Exception {
    try (NotifyListener systemd = NotifyListener.in(directory)) {
      gateway.on(
          TestConnector.ofThisMachine()
              .disk(disk)
              .environment(Map.of("NOTIFY_SOCKET", systemd.socket())));
      gateway.start();
      gateway.awaitServing();
      disk.isFull = true;
      gateway.send("plc", "op", "2.0");
      systemd.awaitLine("because the journal cannot be used: No space left on device; Serving");
      gateway.broker.stop();
      systemd.awaitLine("because the journal cannot be used: No space left on device; Waiting");
      gateway.broker.restart();
      disk.isFull = false;
      gateway.reconnectCloud();
      assertThat(gateway.awaitEnd("plc", "op")).anyMatch(said -> said.contains("successful"));
      gateway.stop();
      assertThat(systemd.untilStopped()).contains("READY=1");
    }
  }
}
