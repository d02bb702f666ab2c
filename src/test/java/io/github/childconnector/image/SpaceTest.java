package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that are too large, and disks that are too small. */
@IntegrationTest
class SpaceTest {
  private static final int MIB = 1 << 20;
  private static final byte[] BODY = Samples.bytes(6 * MIB);
  private static final Sha256 DIGEST = Samples.digest(BODY);

  private final ScriptedDisk disk = new ScriptedDisk();
  private final RecordingProgress progress = new RecordingProgress();
  private Path directory;

  @BeforeEach
  void directory(@TempDir Path scratch) {
    directory = scratch;
  }

  private Failure failure(DownloadSettings settings, Reply reply) throws Exception {
    try (ScriptedServer server = new ScriptedServer(reply)) {
      ImageStore store = new ImageStore(directory, settings, disk, FakeClock.jumping());
      Failure failure = Samples.failure(() -> store.fetch(DIGEST, server.url(), progress));
      assertThat(server.requests()).hasSize(1);
      assertThat(directory).isEmptyDirectory();
      return failure;
    }
  }

  @Test
  void anImageAnnouncedTooLargeIsNotBegun() throws Exception {
    Failure failure = failure(Samples.settings(3, 2 * MIB, 0), Replies.whole(BODY));

    assertThat(failure.code()).isEqualTo(FailureCode.IMAGE_TOO_LARGE);
    assertThat(failure.sentence()).contains("2 MiB of download.max_size");
    assertThat(progress.seen()).isEmpty();
  }

  @Test
  void aBodyWithoutEndIsCutOff() throws Exception {
    Reply endless =
        connection -> {
          connection.head("200 OK");
          while (true) {
            connection.body(BODY, 0, BODY.length);
          }
        };

    Failure failure = failure(Samples.settings(3, 2 * MIB, 0), endless);

    assertThat(failure.code()).isEqualTo(FailureCode.IMAGE_TOO_LARGE);
    assertThat(progress.seen()).isNotEmpty().allMatch(bytes -> bytes <= 2 * MIB);
  }

  @Test
  void anImageForWhichThereIsNoRoomIsNotBegun() throws Exception {
    disk.free(10 * MIB);

    Failure failure = failure(Samples.settings(3, 100 * MIB, 5 * MIB), Replies.whole(BODY));

    assertThat(failure.code()).isEqualTo(FailureCode.DISK_FULL);
    assertThat(failure.sentence())
        .contains("needs 6 MiB more", "10 MiB are free", "download.min_free keeps 5 MiB");
    assertThat(progress.seen()).isEmpty();
  }

  @Test
  void anImageOfUnknownLengthEndsAtTheFloor() throws Exception {
    disk.free(8 * MIB);

    Failure failure = failure(Samples.settings(3, 100 * MIB, 5 * MIB), Replies.chunked(BODY));

    assertThat(failure.code()).isEqualTo(FailureCode.DISK_FULL);
    assertThat(progress.seen()).isNotEmpty().allMatch(bytes -> bytes < 5 * MIB);
  }

  @Test
  void anImageThatFitsIsFetched() throws Exception {
    disk.free(11 * MIB);
    DownloadSettings settings = Samples.settings(1, 6 * MIB, 5 * MIB);
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      ImageStore store = new ImageStore(directory, settings, disk, FakeClock.jumping());
      assertThat(store.fetch(DIGEST, server.url(), progress).size()).isEqualTo(6 * MIB);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"No space left on device", "Disk quota exceeded"})
  void aFullDiskIsSaidToBeFull(String message) throws Exception {
    disk.failWrites(message);

    Failure failure = failure(Samples.settings(3), Replies.whole(BODY));

    assertThat(failure.code()).isEqualTo(FailureCode.DISK_FULL);
    assertThat(failure.sentence()).contains(message, directory.toString(), "download.min_free");
  }

  @Test
  void aBrokenDiskIsAStorageFailure() throws Exception {
    disk.failWrites("Input/output error");

    Failure failure = failure(Samples.settings(3), Replies.whole(BODY));

    assertThat(failure.code()).isEqualTo(FailureCode.STORAGE_FAILED);
    assertThat(failure.sentence()).contains("Input/output error", directory.toString());
  }
}
