package io.github.childconnector.adapter.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldDevicesTest {
  private final HeldDevices<String> devices = new HeldDevices<>("x.device");

  private String hold(String child, String name, String login) throws IOException {
    return devices.hold(
        new HeldDevices.Claim<>(
            new ChildId(child), name, "there as " + name, login, () -> "device of " + child));
  }

  @Test
  void aDeviceIsServedUntilItsLastHolderGoes() throws IOException {
    hold("plc", "1", "");
    assertThat(hold("plc", "1", "")).isEqualTo("device of plc");
    devices.release("1");
    assertThat(devices.device("1")).contains("device of plc");
    assertThat(devices.names()).containsExactly("1");

    devices.release("1");

    assertThat(devices.device("1")).isEmpty();
    assertThat(devices.isEmpty()).isTrue();
    devices.release("1");
    assertThat(devices.isEmpty()).isTrue();
  }

  @Test
  void anotherChildCannotHaveTheSameName() throws IOException {
    hold("plc", "1", "");

    assertThatThrownBy(() -> hold("pump", "1", ""))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "x.device: there as 1 is the device of plc and of pump; give each child its own");
    assertThat(devices.device("1")).contains("device of plc");
    devices.release("1");
    assertThat(devices.isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "B", "Basic c2VjcmV", "Basic c2VjcmV0MQ", "basic c2VjcmV0", " "})
  void aLoginIsComparedAsAWhole(String other) throws IOException {
    hold("plc", "1", "Basic c2VjcmV0");

    assertThat(devices.device("1", "Basic c2VjcmV0")).contains("device of plc");
    assertThat(devices.devices("Basic c2VjcmV0")).containsExactly("device of plc");
    assertThat(devices.device("1", other)).isEmpty();
    assertThat(devices.devices(other)).isEmpty();
  }

  @Test
  void theLatestLoginIsUsed() throws IOException {
    hold("plc", "1", "old");
    hold("plc", "1", "new");
    devices.release("1");

    assertThat(devices.device("1", "old")).isEmpty();
    assertThat(devices.device("1", "new")).isPresent();
  }
}
