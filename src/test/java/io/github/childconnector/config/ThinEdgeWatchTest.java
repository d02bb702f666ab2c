package io.github.childconnector.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.world.RecordingLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThinEdgeWatchTest {
  @Test
  void aChangedUpdateTimeoutIsTold(@TempDir Path directory) throws Exception {
    Workplace workplace = new Workplace(directory).file("connector.toml", "");
    workplace.file("tedge/tedge.toml", "firmware.child.update.timeout = '1h'\n");
    Path file = directory.resolve("connector.toml");
    ThinEdgeWatch watch =
        new ThinEdgeWatch(workplace.loader(), file, workplace.loader().load(file));
    assertThat(watch.isTouched()).isFalse();

    workplace.file("tedge/tedge.toml", "firmware.child.update.timeout = '10s'\n");
    Files.setLastModifiedTime(directory.resolve("tedge/tedge.toml"), FileTime.fromMillis(1));
    assertThat(watch.isTouched()).isTrue();
    assertThat(watch.isTouched()).isFalse();
    try (RecordingLog log = RecordingLog.of(ThinEdgeWatch.class)) {
      watch.tell();

      assertThat(log.lines()).anyMatch(line -> line.contains("[thin_edge], [updates]"));
    }
  }
}
