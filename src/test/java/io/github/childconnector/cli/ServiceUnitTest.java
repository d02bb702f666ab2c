package io.github.childconnector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServiceUnitTest {
  @Test
  void allThatTheServiceMayIsTakenOverInItsOrderButNotHowItLives() throws IOException {
    String unit =
        Files.readString(Path.of("systemd/tedge-child-connector.service"))
            + "# /etc/systemd/system/tedge-child-connector.service.d/serial-ports.conf\n"
            + Files.readString(Path.of("examples/systemd/serial-ports.conf"));

    assertThat(ServiceUnit.properties(unit))
        .contains(
            "User=tedge-child-connector",
            "StateDirectory=tedge-child-connector",
            "ProtectSystem=strict",
            "CapabilityBoundingSet=",
            "MemoryMax=512M",
            "DeviceAllow=char-ttyUSB rw",
            "SupplementaryGroups=dialout")
        .containsSubsequence("PrivateDevices=yes", "PrivateDevices=no")
        .noneMatch(line -> line.matches("(Exec|Type|Restart|Watchdog|Timeout|Wants|WantedBy).*"))
        .noneMatch(line -> line.contains("%"));
  }

  @Test
  void aLineThatGoesOnIsOne() {
    assertThat(ServiceUnit.properties("[Service]\nSystemCallFilter=@system-service \\\n  @io\n"))
        .containsExactly("SystemCallFilter=@system-service  @io");
  }
}
