package io.github.childconnector;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.clock.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaUpgradeTest {
  private final FakeClock clock = FakeClock.standing();
  private final AtomicInteger devices = new AtomicInteger();
  private final AtomicInteger restarts = new AtomicInteger();
  private Path modules = Path.of("");

  @BeforeEach
  void watch(@TempDir Path home) throws IOException {
    modules = Files.createDirectory(home.resolve("lib")).resolve("modules");
    Files.writeString(modules, "17.0.15");
    JavaUpgrade.watch(clock, home, devices::get, restarts::incrementAndGet);
  }

  /** As dpkg does: under another name first. */
  private void replace(String version) throws IOException {
    Path next = modules.resolveSibling("modules.dpkg-new");
    Files.writeString(next, version);
    Files.setLastModifiedTime(next, Files.getLastModifiedTime(modules));
    Files.move(next, modules, StandardCopyOption.REPLACE_EXISTING);
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      clock.advance(JavaUpgrade.LOOK);
    }
  }

  @Test
  void aJavaThatStaysIsLeftAlone() {
    look(10);
    assertThat(restarts).hasValue(0);
  }

  @Test
  void anotherJavaIsTakenOnceItStays() throws IOException {
    replace("17.0.19");
    look(1);
    assertThat(restarts).hasValue(0);
    replace("17.0.20+1");
    look(1);
    assertThat(restarts).hasValue(0);
    look(1);
    assertThat(restarts).hasValue(1);
    look(10);
    assertThat(restarts).hasValue(1);
  }

  @Test
  void oneWrittenOverInPlaceIsAnother() throws IOException {
    Files.setLastModifiedTime(modules, FileTime.fromMillis(0));
    look(2);
    assertThat(restarts).hasValue(1);
  }

  @Test
  void aDeviceThatIsBeingWrittenIsWaitedFor() throws IOException {
    replace("17.0.19");
    devices.set(1);
    look(10);
    assertThat(restarts).hasValue(0);
    devices.set(0);
    look(1);
    assertThat(restarts).hasValue(1);
  }

  @Test
  void whileThereIsNoJavaNothingIsEnded() throws IOException {
    Files.delete(modules);
    look(10);
    assertThat(restarts).hasValue(0);
    Files.writeString(modules, "17.0.19");
    look(2);
    assertThat(restarts).hasValue(1);
  }
}
