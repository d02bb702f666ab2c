package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  @Test
  void knowsWhatALocaleCannotExpress() {
    var ascii = Set.of(StandardCharsets.US_ASCII, StandardCharsets.UTF_8);

    assertThat(Launcher.isExpressible("1.0-rc", ascii)).isTrue();
    assertThat(Launcher.isExpressible("größer", ascii)).isFalse();
    assertThat(Launcher.isExpressible("größer", Set.of(StandardCharsets.UTF_8))).isTrue();
    assertThat(Launcher.isExpressible("\ud800", Set.of(StandardCharsets.UTF_8))).isFalse();
  }
}
