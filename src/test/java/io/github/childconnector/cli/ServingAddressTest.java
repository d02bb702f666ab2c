package io.github.childconnector.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.cli.FirmwareOffer.ServingAddress;
import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingAddressTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:8000/x",
    "localhost, http://localhost:8000/x",
    "192.0.2.1, http://192.0.2.1:8000/x",
    "::1,       http://[::1]:8000/x",
    "[::1],     http://[::1]:8000/x",
    "fe80::1%1, http://[fe80::1]:8000/x"
  })
  void aUrlNamesTheAddressAsGiven(String host, String url) throws IOException {
    assertThat(ServingAddress.named(host).url(8000, "/x")).isEqualTo(url);
  }

  @Test
  void anAddressOfThisMachineIsTheOnlyOneListenedAt() throws IOException {
    assertThat(ServingAddress.named("127.0.0.1").bind())
        .isEqualTo(InetAddress.getLoopbackAddress());
  }

  @Test
  void behindAnAddressOfAnotherMachineAllOfOursAreListenedAt() throws IOException {
    assertThat(ServingAddress.named("192.0.2.1").bind().isAnyLocalAddress()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "127.9.9.9", "localhost", "::1"})
  void aBrokerHereFetchesFromHere(String broker) throws IOException {
    ServingAddress address = ServingAddress.towards(broker, 1883);

    assertThat(address.bind().isLoopbackAddress()).isTrue();
    assertThat(address.url(8000, "/x")).isEqualTo("http://127.0.0.1:8000/x");
  }

  @Test
  void anUnknownNameIsAnIoException() {
    assertThatThrownBy(() -> ServingAddress.towards("[nowhere]", 1883))
        .isInstanceOf(IOException.class);
  }
}
