package io.github.childconnector.adapter.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which connections a server keeps when more come than it has room for. */
class ConnectionsTest {
  private final FakeClock clock = FakeClock.standing();
  private final Connections open = new Connections("connections", clock);
  private final List<Recording> closed = new ArrayList<>();

  /** A connection that remembers its end. */
  private final class Recording implements Connections.Connection {
    private final InetAddress from;

    private Recording(int host) {
      try {
        from = InetAddress.getByAddress(new byte[] {10, 0, (byte) (host >> 8), (byte) host});
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(e);
      }
    }

    @Override
    public InetAddress from() {
      return from;
    }

    @Override
    public boolean isOf(DeviceServer server) {
      return false;
    }

    @Override
    public void run() {}

    @Override
    public void close() {
      closed.add(this);
    }

    @Override
    public void yieldTo(String why) {
      close();
    }
  }

  private Recording admit(int host) {
    clock.advance(Duration.ofMillis(1));
    Recording next = new Recording(host);
    open.admit(next);
    return next;
  }

  private Recording asking(int host) {
    Recording next = admit(host);
    open.asking(next);
    return next;
  }

  private Recording answered(int host) {
    Recording next = asking(host);
    open.answered(next);
    return next;
  }

  private void fill(int count, int perHost) {
    for (int i = 0; i < count; i++) {
      answered(100 + i / perHost);
    }
    assertThat(closed).isEmpty();
  }

  @Test
  void anAddressHasItsShareAndNoMore() {
    fill(Connections.MOST_OF_ADDRESS, Connections.MOST_OF_ADDRESS);
    Recording oneMore = admit(100);
    assertThat(closed).containsExactly(oneMore);
    admit(101);
    assertThat(closed).containsExactly(oneMore);
  }

  @Test
  void allHaveTheirShareAndNoMore() {
    fill(Connections.MOST, 1);
    Recording oneMore = admit(1);
    assertThat(closed).containsExactly(oneMore);
    assertThat(open.count()).isEqualTo(Connections.MOST);
  }

  @Test
  void whoeverAsksForNothingYieldsToTheNextOfItsAddress() {
    Recording silent = admit(100);
    Recording later = admit(100);
    fill(Connections.MOST_OF_ADDRESS - 2, Connections.MOST_OF_ADDRESS);
    Recording device = admit(100);
    assertThat(closed).containsExactly(silent);
    open.asking(device);
    admit(100);
    assertThat(closed).containsExactly(silent, later);
  }

  @Test
  void whoeverWasAnsweredYieldsWhileItAsksForNothingMore() {
    Recording first = answered(100);
    fill(Connections.MOST_OF_ADDRESS - 1, Connections.MOST_OF_ADDRESS);
    open.waiting(first);
    admit(100);
    assertThat(closed).containsExactly(first);
  }

  @Test
  void halfARequestYieldsToItsOwnAddressOnlyAfterAWhile() {
    Recording half = asking(100);
    fill(Connections.MOST_OF_ADDRESS - 1, Connections.MOST_OF_ADDRESS);
    Recording tooEarly = admit(100);
    assertThat(closed).containsExactly(tooEarly);
    clock.advance(Connections.PROMPT);
    admit(100);
    assertThat(closed).containsExactly(tooEarly, half);
  }

  @Test
  void theAddressWithTheMostYieldsToTheOthers() {
    List<Recording> crowd = new ArrayList<>();
    asking(1);
    for (int i = 1; i < Connections.MOST; i++) {
      crowd.add(asking(100 + i / Connections.MOST_OF_ADDRESS));
    }
    asking(2);
    assertThat(closed).hasSize(1).isSubsetOf(crowd);
    for (int i = 0; i < 100; i++) {
      asking(200 + i);
    }
    assertThat(closed).hasSize(101).isSubsetOf(crowd);
    assertThat(open.count()).isEqualTo(Connections.MOST);
  }

  @Test
  void anEndedOneMakesRoom() {
    Recording ended = answered(100);
    fill(Connections.MOST_OF_ADDRESS - 1, Connections.MOST_OF_ADDRESS);
    open.remove(ended);
    admit(100);
    assertThat(closed).isEmpty();
    open.answered(ended);
    assertThat(open.count()).isEqualTo(Connections.MOST_OF_ADDRESS);
  }
}
