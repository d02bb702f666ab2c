package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@IntegrationTest
class ImageStoreTest {
  private static final byte[] BODY = Samples.bytes(100_000);
  private static final Sha256 DIGEST = Samples.digest(BODY);

  private Path directory;
  private ImageStore store;

  @BeforeEach
  void open(@TempDir Path scratch) throws Exception {
    directory = scratch.resolve("storage/images");
    store = new ImageStore(directory, Samples.settings(3), new LocalDisk(), FakeClock.jumping());
  }

  @Test
  void anImageIsFetchedVerifiedAndNamedByItsDigest() throws Exception {
    RecordingProgress progress = new RecordingProgress();
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      FirmwareImage image = store.fetch(DIGEST, server.url(), progress);

      assertThat(image.path()).isEqualTo(directory.resolve(DIGEST.hex())).hasBinaryContent(BODY);
      assertThat(image.digest()).isEqualTo(DIGEST);
      assertThat(image.size()).isEqualTo(BODY.length);
      assertThat(files()).containsExactly(DIGEST.hex());
      assertThat(progress.seen()).isSorted().endsWith((long) BODY.length);
      assertThat(progress.total()).hasValue(BODY.length);
      assertThat(server.requests().get(0).line())
          .isEqualTo("GET /te/v1/files/child01/firmware_update/fw?token=secret HTTP/1.1");
      assertThat(server.requests().get(0).headers())
          .containsEntry("Accept-Encoding", "identity")
          .doesNotContainKeys("Range", "If-Range", "Upgrade")
          .hasEntrySatisfying("User-Agent", name -> assertThat(name).contains("tedge-child"));
    }
  }

  @Test
  void aChunkedImageWithoutALengthIsFetched() throws Exception {
    RecordingProgress progress = new RecordingProgress();
    try (ScriptedServer server = new ScriptedServer(Replies.chunked(BODY))) {
      assertThat(store.fetch(DIGEST, server.url(), progress).path()).hasBinaryContent(BODY);
      assertThat(progress.total()).isEmpty();
    }
  }

  @Test
  void anImageOfNoBytesIsRefusedBeforeItIsAskedFor() throws Exception {
    byte[] empty = {};
    try (ScriptedServer server = new ScriptedServer(Replies.whole(empty))) {
      Failure failure =
          Samples.failure(() -> store.fetch(Samples.digest(empty), server.url(), Samples.SILENT));

      assertThat(failure.code()).isEqualTo(FailureCode.REQUEST_INVALID);
      assertThat(failure.sentence())
          .contains("an image of 0 bytes")
          .endsWith("Upload the firmware again.");
      assertThat(server.requests()).isEmpty();
    }
  }

  @Test
  void aStoredImageOfNoBytesIsRefusedToo() throws Exception {
    Sha256 nothing = Samples.digest(new byte[0]);
    Files.write(directory.resolve(nothing.hex()), new byte[0]);

    assertThat(
            Samples.failure(() -> store.fetch(nothing, "http://127.0.0.1:1/fw", Samples.SILENT))
                .code())
        .isEqualTo(FailureCode.REQUEST_INVALID);
  }

  @Test
  void anEmptyAnswerIsCalledSo() throws Exception {
    byte[] empty = {};
    try (ScriptedServer server = new ScriptedServer(Replies.whole(empty), Replies.whole(empty))) {
      Failure failure = Samples.failure(() -> store.fetch(DIGEST, server.url(), Samples.SILENT));

      assertThat(failure.code()).isEqualTo(FailureCode.DIGEST_MISMATCH);
      assertThat(failure.sentence()).contains(" is empty, and not the image with the SHA-256");
    }
  }

  @Test
  void nobodyMayWriteToAStoredImage() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      Path stored = store.fetch(DIGEST, server.url(), Samples.SILENT).path();

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stored)))
          .isEqualTo("r--r-----");
    }
  }

  @Test
  void anImageThatWasChangedIsFetchedAnew() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY), Replies.whole(BODY))) {
      FirmwareImage image = store.fetch(DIGEST, server.url(), Samples.SILENT);
      Path stored = image.path();
      Files.setPosixFilePermissions(stored, PosixFilePermissions.fromString("rw-------"));
      FirmwareImages.change(image);

      assertThat(Samples.failure(image::requireUnchanged).code())
          .isEqualTo(FailureCode.DIGEST_MISMATCH);
      assertThat(store.fetch(DIGEST, server.url(), Samples.SILENT).path()).hasBinaryContent(BODY);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void aStoredImageIsNotFetchedAgain() throws Exception {
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      store.fetch(DIGEST, server.url(), Samples.SILENT);
      store.fetch(DIGEST, server.url(), Samples.SILENT);

      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void aStoredImageIsFound() throws Exception {
    assertThat(store.find(DIGEST)).isEmpty();

    Files.write(directory.resolve(DIGEST.hex()), BODY);

    assertThat(store.find(DIGEST))
        .hasValueSatisfying(image -> assertThat(image.size()).isEqualTo(BODY.length));
  }

  @Test
  void aFlippedBitIsFoundAndTheImageFetchedAgain() throws Exception {
    byte[] flipped = BODY.clone();
    flipped[77_777] ^= 4;
    Files.write(directory.resolve(DIGEST.hex()), flipped);

    assertThat(store.find(DIGEST)).isEmpty();
    assertThat(files()).isEmpty();

    Files.write(directory.resolve(DIGEST.hex()), flipped);
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY))) {
      assertThat(store.fetch(DIGEST, server.url(), Samples.SILENT).path()).hasBinaryContent(BODY);
    }
  }

  @Test
  void anAddressThatIsNotAllowedIsRefusedEvenForAStoredImage() throws Exception {
    Files.write(directory.resolve(DIGEST.hex()), BODY);

    assertThat(
            Samples.failure(() -> store.fetch(DIGEST, "http://evil.example/x", Samples.SILENT))
                .code())
        .isEqualTo(FailureCode.URL_REFUSED);
  }

  @Test
  void pruningKeepsWhatIsNeededAndTheTwoLastUsed() throws Exception {
    for (int length = 1; length <= 5; length++) {
      store(length);
    }
    Files.write(directory.resolve("README"), BODY);
    Files.write(directory.resolve(digest(1) + ".part"), BODY);
    Files.write(directory.resolve(digest(2) + ".part"), BODY);
    Files.write(directory.resolve(digest(2) + ".part.etag"), BODY);
    for (int length : List.of(3, 2, 5, 4)) {
      assertThat(store.find(Samples.digest(Samples.bytes(length)))).isPresent();
    }

    store.prune(Set.of(Samples.digest(Samples.bytes(1))));

    assertThat(files())
        .containsExactlyInAnyOrder(digest(1), digest(1) + ".part", digest(4), digest(5), "README");
  }

  @Test
  void whatNobodyNeedsMakesRoomForTheNextImage() throws Exception {
    ScriptedDisk disk = new ScriptedDisk();
    DownloadSettings settings = Samples.settings(1, 1000, 100);
    store = new ImageStore(directory, settings, disk, FakeClock.jumping());
    store(1);
    store(2);
    disk.free(1100);
    store.prune(Set.of());
    assertThat(files()).containsExactlyInAnyOrder(digest(1), digest(2));

    disk.free(1099);
    store.prune(Set.of(Samples.digest(Samples.bytes(1))));

    assertThat(files()).containsExactly(digest(1));
  }

  @Test
  void pruningLeavesADownloadAlone() throws Exception {
    store(1);
    try (ScriptedServer server = new ScriptedServer(Replies.whole(BODY, "ETag: \"a\""))) {
      store.fetch(DIGEST, server.url(), (done, total) -> store.prune(Set.of()));
    }

    assertThat(files()).containsExactlyInAnyOrder(digest(1), DIGEST.hex());
  }

  @Test
  void aDirectoryThatCannotBeCreatedIsAStorageFailure() throws Exception {
    Path file = Files.write(directory.resolve("file"), BODY);

    assertThat(
            Samples.failure(
                () ->
                    new ImageStore(
                        file.resolve("images"),
                        Samples.settings(1),
                        new LocalDisk(),
                        FakeClock.jumping())))
        .satisfies(
            failure -> assertThat(failure.code()).isEqualTo(FailureCode.STORAGE_FAILED),
            failure -> assertThat(failure.sentence()).contains("file/images", "permissions"));
  }

  private void store(int length) throws IOException {
    Files.write(directory.resolve(digest(length)), Samples.bytes(length));
  }

  private static String digest(int length) {
    return Samples.digest(Samples.bytes(length)).hex();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
