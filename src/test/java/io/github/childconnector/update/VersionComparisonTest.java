package io.github.childconnector.update;

import static io.github.childconnector.update.Engine.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.operation.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which answers of a device are the version that was asked for, here 2.0. */
class VersionComparisonTest extends EngineCase {
  VersionComparisonTest(long seed) {
    super(seed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2.0.1", "2.0-rc1", "2.00", "2.0 beta", "2", "2.", "12.0", "v2.0", "2,0", ""})
  void aVersionThatResemblesTheWantedOneIsAnother(String version) throws InterruptedException {
    engine.device.version = version;
    engine.device.install = installation -> {};
    engine.start();
    engine.request("op", "2.0");
    assertThat(engine.awaitLateEnd(key("op")).failure().orElseThrow().reason())
        .startsWith("not-confirmed: ")
        .endsWith("The device runs " + version + ".");
    assertThat(engine.device.installs).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RC1", "Rc1", "rc1.0"})
  void capitalLettersAreOthers(String version) throws InterruptedException {
    engine.device.version = version;
    engine.device.install = installation -> {};
    engine.start();
    engine.request("op", "rc1");
    assertThat(engine.awaitLateEnd(key("op")).stage()).isEqualTo(Stage.FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.0", " 2.0", "2.0\n", "\t2.0 \r\n"})
  void whiteSpaceAroundAVersionIsNoPartOfIt(String version) throws InterruptedException {
    engine.device.version = version;
    engine.start();
    engine.request("op", "2.0");
    assertThat(engine.awaitLateEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
    assertThat(engine.device.installs).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ufeff2.0", "2.0\u200b", "\u200e2.0", "2\u00ad.0"})
  void whatNobodySeesIsNoPartOfAVersion(String version) throws InterruptedException {
    engine.device.version = version;
    engine.start();
    engine.request("op", "2.0");
    assertThat(engine.awaitLateEnd(key("op")).stage()).isEqualTo(Stage.SUCCESSFUL);
    assertThat(engine.device.installs).hasValue(0);
  }

  @Test
  void aDifferenceThatCannotBeSeenIsShown() throws InterruptedException {
    engine.device.version = "2\u2024\u200b0";
    engine.device.install = installation -> {};
    engine.start();
    engine.request("op", "2.0");
    assertThat(engine.awaitLateEnd(key("op")).failure().orElseThrow().reason())
        .endsWith("The device runs 2\u20240 (\"2\\u2024\\u200b0\"), and not 2.0.");
  }
}
