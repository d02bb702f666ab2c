package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.operation.Sha256;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An image that was fetched is whole under its name, whatever a power cut then leaves. */
@IntegrationTest
class PublishedImageTest {
  private static final byte[] BODY = Samples.bytes(100_000);
  private static final Sha256 DIGEST = Samples.digest(BODY);
  private static final Path DIRECTORY = Path.of("/images");
  private static final String TAG = "ETag: \"v1\"";
  private static final int CUT = 40_000;

  private final FakeDisk disk = new FakeDisk();
  private final RecordingProgress progress = new RecordingProgress();

  private void fetch(Reply... replies) throws Exception {
    try (ScriptedServer server = new ScriptedServer(replies)) {
      ImageStore store =
          new ImageStore(DIRECTORY, Samples.settings(replies.length), disk, FakeClock.jumping());
      store.fetch(DIGEST, server.url(), progress);
    }
  }

  private void assertSurvives() {
    Path image = DIRECTORY.resolve(DIGEST.hex());
    for (Map.Entry<Long, FakeDisk> survivor : disk.survivors().some(100, 1).entrySet()) {
      assertThat(survivor.getValue().files())
          .as("power cut %s", survivor.getKey())
          .containsEntry(image, ByteBuffer.wrap(BODY));
    }
  }

  @Test
  void fetchedAtOnce() throws Exception {
    fetch(Replies.whole(BODY));
    assertSurvives();
  }

  @Test
  void fetchedInTwoParts() throws Exception {
    fetch(Replies.cut(BODY, CUT, progress, TAG), Replies.rest(BODY, CUT, TAG));
    assertSurvives();
  }

  @Test
  void foundWholeInThePartOfAnEarlierProcess() throws Exception {
    disk.createDirectory(DIRECTORY);
    try (var part = disk.create(DIRECTORY.resolve(DIGEST.hex() + ".part"))) {
      part.write(BODY, BODY.length);
    }
    fetch(Replies.whole(BODY));
    assertSurvives();
  }
}
