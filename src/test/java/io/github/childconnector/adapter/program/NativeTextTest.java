package io.github.childconnector.adapter.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NativeTextTest {

  @Test
  void knowsWhatALocaleCannotExpress() {
    var ascii = Set.of(StandardCharsets.US_ASCII, StandardCharsets.UTF_8);

    assertThat(NativeText.isExpressible("1.0-rc", ascii)).isTrue();
    assertThat(NativeText.isExpressible("größer", ascii)).isFalse();
    assertThat(NativeText.isExpressible("größer", Set.of(StandardCharsets.UTF_8))).isTrue();
    assertThat(NativeText.isExpressible("\ud800", Set.of(StandardCharsets.UTF_8))).isFalse();
  }
}
