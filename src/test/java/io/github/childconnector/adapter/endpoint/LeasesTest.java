package io.github.childconnector.adapter.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.adapter.Endpoint;
import io.github.childconnector.adapter.endpoint.Leases.Lease;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.operation.ChildId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LeasesTest {
  private static final ChildId CHILD = new ChildId("plc");

  private final List<String> log = new ArrayList<>();
  private final Leases<String, String> leases =
      new Leases<>(
          FakeClock.standing().threads(), settings -> settings.split(":", 2)[0], this::open);

  /** Settings are the place and the device: {@code here:1}. */
  private RecordingPlace open(String settings) throws IOException {
    if (settings.startsWith("nowhere")) {
      throw new IOException("there is no such place");
    }
    log.add("open " + settings.split(":", 2)[0]);
    return new RecordingPlace();
  }

  private final class RecordingPlace implements Leases.Place<String, String> {
    private final Set<String> held = new TreeSet<>();

    @Override
    public String hold(ChildId child, String settings) throws IOException {
      if (settings.endsWith("broken")) {
        throw new IOException("it cannot be served");
      }
      held.add(settings);
      return settings;
    }

    @Override
    public void release(String settings) {
      held.remove(settings);
    }

    @Override
    public boolean isUnused() {
      return held.isEmpty();
    }

    @Override
    public void close() {
      log.add("close");
    }
  }

  @Test
  void equalKeysShareAPlaceUntilTheLastLeaseIsClosed() throws IOException {
    Lease<String> one = leases.lease(CHILD, "here:1");
    Lease<String> two = leases.lease(CHILD, "here:2");
    assertThat(two.device()).isEqualTo("here:2");
    one.close();
    assertThat(log).containsExactly("open here");

    two.close();

    assertThat(log).containsExactly("open here", "close");
    leases.lease(CHILD, "here:1").close();
    assertThat(log).containsExactly("open here", "close", "open here", "close");
  }

  @Test
  void otherKeysHaveAnotherPlace() throws IOException {
    Lease<String> one = leases.lease(CHILD, "here:1");
    Lease<String> two = leases.lease(CHILD, "there:1");
    one.close();
    two.close();

    assertThat(log).containsExactly("open here", "open there", "close", "close");
  }

  @Test
  void closingAgainHasNoEffect() throws IOException {
    Lease<String> one = leases.lease(CHILD, "here:1");
    Lease<String> two = leases.lease(CHILD, "here:2");
    one.close();
    one.close();
    assertThat(log).containsExactly("open here");
    two.close();
  }

  @Test
  void aPlaceThatServesNobodyIsClosed() {
    assertThatThrownBy(() -> leases.lease(CHILD, "here:broken")).hasMessage("it cannot be served");

    assertThat(log).containsExactly("open here", "close");
  }

  @Test
  void aPlaceThatServesOthersStaysOpen() throws IOException {
    Lease<String> one = leases.lease(CHILD, "here:1");
    assertThatThrownBy(() -> leases.lease(CHILD, "here:broken")).hasMessage("it cannot be served");
    assertThat(log).containsExactly("open here");
    one.close();
    assertThat(log).containsExactly("open here", "close");
  }

  @Test
  void anEndpointHoldsItsDeviceFromStartToEnd() throws IOException {
    Endpoint endpoint = leases.endpoint(CHILD, "here:1");
    endpoint.open();
    leases.lease(CHILD, "here:2").close();
    assertThat(log).containsExactly("open here");

    endpoint.close();
    endpoint.close();

    assertThat(log).containsExactly("open here", "close");
    assertThatThrownBy(leases.endpoint(CHILD, "nowhere:1")::open)
        .hasMessage("there is no such place");
  }
}
