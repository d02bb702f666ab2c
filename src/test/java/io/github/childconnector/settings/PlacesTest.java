package io.github.childconnector.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.net.Hosts;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Node.Table;
import java.util.ArrayList;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts as they are compared, and paths as they are written. */
@NullMarked
final class PlacesTest {
  @ParameterizedTest
  @CsvSource({
    "Gateway.Local, gateway.local",
    "192.0.2.1, 192.0.2.1",
    "[FE80::1], fe80::1",
    "fe80::1%br-lan, fe80::1%br-lan",
    "[FE80::1%Br-Lan.7], fe80::1%Br-Lan.7",
    "fe80::1%eth0:1, fe80::1%eth0:1",
    "fe80::1%2, fe80::1%2"
  })
  void readsHosts(String text, String host) {
    assertThat(Hosts.parse(text)).contains(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gw:1883", "a b", "a/b", "u@h", "fe80::1%", "fe80::1%a b", "fe80::1%a/b"})
  void refusesWhatIsNoHost(String text) {
    assertThat(Hosts.parse(text)).isEmpty();
  }

  /** Behind a symbolic link, the directory above is another one than its name says. */
  @Test
  void leavesPathsAsTheyAreWritten() {
    Origin here = Origin.of("test", 0);
    Table table = new Table(Map.of("key", new Scalar("/srv/link/../file", here)), here);

    assertThat(Section.root(table, new ArrayList<>()).path("key").orElseThrow())
        .hasToString("/srv/link/../file");
  }
}
