package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@IntegrationTest
class LauncherTest {
  @Test
  void withholdsWhatIsMeantForTheConnectorAlone() {
    Launcher launcher = Launcher.of(Optional.empty(), Map.of());
    Map<String, String> inherited =
        new HashMap<>(Map.of("NOTIFY_SOCKET", "/run/s", "FIRMWARE_IMAGE", "/old", "A", "b"));
    launcher.prepare(inherited, Map.of(Placeholder.VERSION, "2.0"));

    assertThat(inherited).containsOnly(Map.entry("A", "b"), Map.entry("FIRMWARE_VERSION", "2.0"));
  }
}
