package io.github.childconnector.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
  @ParameterizedTest
  @CsvSource({
    "Tedge_Main, tedge_main",
    "gw.example., gw.example.",
    "Zähler.local, xn--zhler-gra.local",
    "plc.1a, plc.1a",
    "a-, a-",
    "[FE80::1%25eth0], fe80::1%eth0",
    "[::1], ::1"
  })
  void readsEverySpellingThatAResolverTakes(String text, String host) {
    assertThat(Hosts.parse(text)).contains(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "a@b", "a\\\\b", "a%41", "[gw]", "gw:80"})
  void refusesWhatIsNoHost(String text) {
    assertThat(Hosts.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost.",
        "a.localhost",
        "ip6-localhost",
        "127.0.0.1",
        "127.8.9.10",
        "127.1",
        "0",
        "0.0.0.0",
        "2130706433",
        "::1",
        "0:0:0:0:0:0:0:1",
        "::",
        "::ffff:127.0.0.1"
      })
  void knowsEverySpellingOfThisMachine(String host) {
    assertThat(Hosts.isThisMachine(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"128.0.0.1", "gw", "localhost.example", "::2", "fe80::1", "1.2.3.4.5"})
  void takesNoOtherForThisMachine(String host) {
    assertThat(Hosts.isThisMachine(host)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "http://tedge_main:8000/x, tedge_main, 8000, tedge_main:8000",
    "https://gw./x, gw., -1, gw.",
    "http://[fe80::1%25eth0]:80/, fe80::1%eth0, 80, [fe80::1]:80",
    "http://gw:/x, gw, -1, gw"
  })
  void findsHostAndPortInAnAddress(String url, String host, int port, String header) {
    Authority authority = Authority.of(URI.create(url)).orElseThrow();

    assertThat(authority).isEqualTo(new Authority(host, port));
    assertThat(authority.header()).isEqualTo(header);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http:x", "http://u@gw/", "http://gw:0/", "http://gw:65536/", "http://gw:port/"})
  void findsNoneInOthers(String url) {
    assertThat(Authority.of(URI.create(url))).isEmpty();
  }

  @Test
  void writesAnAddressIntoAUrl() {
    URI url = URI.create("HTTP://tedge_main:8000/a%20b?c");
    Authority authority = Authority.of(url).orElseThrow();

    assertThat(authority.in(url, Hosts.inUrl(Hosts.literal("::1").orElseThrow())))
        .hasToString("http://[0:0:0:0:0:0:0:1]:8000/a%20b?c");
    assertThat(Hosts.inUrl(Hosts.literal("127.0.0.1").orElseThrow())).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost.", "a.localhost"})
  void theNamesOfThisMachineHaveAddressesOfBothFamilies(String name) throws Exception {
    assertThat(Hosts.addresses(name))
        .extracting(InetAddress::getHostAddress)
        .containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1");
  }
}
