package io.github.childconnector.adapter.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.DeviceAdapter.Endpoint;
import io.github.childconnector.adapter.endpoint.Leases.Lease;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeasesTest {
  private static final ChildId CHILD = new ChildId("plc");

  private final List<String> log = new ArrayList<>();
  private final Leases<String, String> leases =
      new Leases<>(FakeClock.standing().threads(), LeasesTest::where, first -> new ScriptedPlace());

  /** Settings are the place and the device: {@code here:1}. */
  private static String where(String settings) {
    return settings.split(":", 2)[0];
  }

  /** A place that fails as the settings say. */
  private final class ScriptedPlace implements Leases.Place<String, String> {
    private final HeldDevices<String> devices = new HeldDevices<>("x.device");
    private boolean isOpen;

    @Override
    public HeldDevices<String> devices() {
      return devices;
    }

    @Override
    public HeldDevices.Claim<String> claim(ChildId child, String settings) throws IOException {
      if (settings.endsWith("unfit")) {
        throw new IOException("it does not fit");
      }
      return new HeldDevices.Claim<>(child, settings, settings, "", () -> settings);
    }

    @Override
    public void serve(String settings) throws IOException {
      if (!isOpen) {
        isOpen = true;
        log.add("open " + where(settings));
      }
      if (settings.endsWith("broken")) {
        throw new IOException("it cannot be served");
      }
      if (settings.endsWith("unforeseen")) {
        throw new IllegalStateException("nobody thought of this");
      }
    }

    @Override
    public void release(String settings) {
      log.add("release " + settings);
    }

    @Override
    public void close() {
      log.add("close");
    }
  }

  @Test
  void equalKeysShareAPlaceUntilTheLastLeaseIsClosed() throws IOException {
    Lease<String, String> one = leases.lease(CHILD, "here:1");
    Lease<String, String> two = leases.lease(CHILD, "here:2");
    assertThat(two.device()).isEqualTo("here:2");
    one.close();
    assertThat(log).containsExactly("open here", "release here:1");

    two.close();

    assertThat(log).containsExactly("open here", "release here:1", "release here:2", "close");
    log.clear();
    leases.lease(CHILD, "here:1").close();
    assertThat(log).containsExactly("open here", "release here:1", "close");
  }

  @Test
  void otherKeysHaveAnotherPlace() throws IOException {
    Lease<String, String> one = leases.lease(CHILD, "here:1");
    Lease<String, String> two = leases.lease(CHILD, "there:1");
    one.close();
    two.close();

    assertThat(log)
        .containsExactly(
            "open here", "open there", "release here:1", "close", "release there:1", "close");
  }

  @Test
  void closingAgainHasNoEffect() throws IOException {
    Lease<String, String> one = leases.lease(CHILD, "here:1");
    Lease<String, String> two = leases.lease(CHILD, "here:2");
    one.close();
    one.close();
    assertThat(log).containsExactly("open here", "release here:1");
    two.close();
  }

  private void requireFailure(String settings) {
    assertThatThrownBy(() -> leases.lease(CHILD, settings))
        .hasMessageMatching("it cannot be served|nobody thought of this|it does not fit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"here:broken", "here:unforeseen"})
  void aPlaceThatServesNobodyIsClosed(String settings) throws IOException {
    requireFailure(settings);
    assertThat(log).containsExactly("open here", "release " + settings, "close");

    leases.lease(CHILD, "here:1").close();

    assertThat(log).endsWith("open here", "release here:1", "close");
  }

  @ParameterizedTest
  @ValueSource(strings = {"here:broken", "here:unforeseen", "here:unfit"})
  void aPlaceThatServesOthersStaysOpenForThemAlone(String settings) throws IOException {
    Lease<String, String> one = leases.lease(CHILD, "here:1");
    requireFailure(settings);
    assertThat(log).doesNotContain("close");
    one.close();
    assertThat(log).endsWith("release here:1", "close").containsOnlyOnce("open here");
  }

  @Test
  void aPlaceThatIsNotOpenHoldsNobody() throws IOException {
    requireFailure("here:unfit");
    assertThat(log).containsExactly("close");
  }

  @Test
  void anEndpointHoldsItsDeviceFromStartToEnd() throws IOException {
    Endpoint endpoint = leases.endpoint(CHILD, "here:1");
    endpoint.open();
    leases.lease(CHILD, "here:2").close();
    assertThat(log).containsExactly("open here", "release here:2");

    endpoint.close();
    endpoint.close();

    assertThat(log).containsExactly("open here", "release here:2", "release here:1", "close");
    assertThatThrownBy(leases.endpoint(CHILD, "here:broken")::open)
        .hasMessage("it cannot be served");
  }
}
