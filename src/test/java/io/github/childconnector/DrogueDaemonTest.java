package io.github.childconnector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.adapter.drogue.BrokerWire;
import io.github.childconnector.adapter.drogue.FakeDfuDevice;
import io.github.childconnector.adapter.drogue.Wire;
import io.github.childconnector.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A device that speaks Drogue DFU is updated by a request of thin-edge, whatever is killed. */
@NullMarked
final class DrogueDaemonTest {
  private static final String SERVING = "Serving 1 child";
  private static final String SUCCESSFUL = "{\"id\":\"op\",\"status\":\"successful\"}";

  @TempDir Path directory;

  private Gateway gateway;
  private FakeDfuDevice device;

  @BeforeEach
  void connect() throws IOException {
    gateway = new Gateway(directory);
    gateway.children(child("port = " + gateway.broker.port()));
    device = at(BrokerWire.plain(gateway.broker.port(), "meter-1"));
  }

  private static FakeDfuDevice at(Wire wire) {
    return new FakeDfuDevice(wire);
  }

  private String child(String... lines) {
    return """
        [[child]]
        id = "meter"
        adapter = "drogue"
        confirm_timeout = "2s"
        version_timeout = "1s"
        [child.drogue]
        device = "meter-1"
        directory = "%s"
        %s
        """
        .formatted(directory.resolve("drogue"), String.join("\n", lines));
  }

  @AfterEach
  void close() throws IOException {
    device.close();
    gateway.close();
  }

  private Daemon start() throws IOException {
    // As much memory as the package gives it.
    return Daemon.start(gateway.config(), List.of("-Xmx32m"), Map.of()).awaitLog(SERVING);
  }

  private String end() throws IOException {
    List<String> said = gateway.awaitEnd("meter", "op");
    assertThat(said).hasSize(2);
    return said.get(1);
  }

  @Test
  void itIsUpdated() throws Exception {
    device.on();
    try (Daemon daemon = start()) {
      gateway.send("meter", "op", "2.0");
      assertThat(end()).isEqualTo(SUCCESSFUL);
      await().until(() -> device.count("sync 2.0") > 0);
      assertThat(daemon.stop()).isEqualTo(ExitCode.OK);
    }
    assertThat(device.version()).isEqualTo("2.0");
    assertThat(device.log()).containsOnlyOnce("write 0").containsOnlyOnce("swap");
  }
}
