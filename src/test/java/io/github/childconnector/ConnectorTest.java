package io.github.childconnector;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.Connector.Surroundings;
import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.DeviceAdapter.Endpoint;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Section;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The daemon without a process of its own: how its parts are stopped. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectorTest {
  /** A family whose devices come by a door that opens at once the first time, and then stalls. */
  private static final class BlockingDoors implements AdapterProvider, DeviceAdapter, Endpoint {
    private final AtomicInteger openings = new AtomicInteger();
    private final AtomicInteger closings = new AtomicInteger();
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch mayOpen = new CountDownLatch(1);

    @Override
    public String name() {
      return "door";
    }

    @Override
    public DeviceAdapter create(ChildId child, Section settings) {
      return this;
    }

    @Override
    public void install(Installation installation, Progress progress) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.of(this);
    }

    @Override
    public void open() throws IOException {
      if (openings.getAndIncrement() > 0) {
        stalled.countDown();
        try {
          mayOpen.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    }

    @Override
    public void close() {
      closings.incrementAndGet();
    }
  }

  private static Surroundings surroundings(AdapterProvider family) {
    MqttLink never =
        (MqttLink)
            Proxy.newProxyInstance(
                MqttLink.class.getClassLoader(),
                new Class<?>[] {MqttLink.class},
                (proxy, method, arguments) -> false);
    return new Surroundings(
        List.of(family),
        new LocalDisk(),
        (broker, clock) -> never,
        InstantSource.system(),
        Map.of());
  }

  @Test
  void aReloadThatWaitsForAnAdapterDoesNotKeepTheConnectorFromStopping(@TempDir Path directory)
      throws Exception {
    BlockingDoors doors = new BlockingDoors();
    Files.createFile(directory.resolve("tedge.toml"));
    Path file = directory.resolve("connector.toml");
    Files.writeString(
        file,
        """
        thin_edge.config_dir = "%s"
        storage.directory = "%s"
        [[child]]
        id = "plc"
        adapter = "door"
        """
            .formatted(directory, directory));
    Surroundings surroundings = surroundings(doors);
    Connector connector = new Connector(surroundings.loader().load(file), surroundings);
    connector.start();
    Thread reload = new Thread(() -> connector.reload(file));
    reload.start();
    doors.stalled.await();

    connector.close();
    assertThat(doors.closings).hasValue(1);
    doors.mayOpen.countDown();
    reload.join();
    assertThat(doors.closings).hasValue(2);
  }
}
