package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whatever lies in the image directory, the right image is fetched, or the reason says why not. */
@IntegrationTest
class SpoiltDirectoryTest {
  private static final byte[] BODY = Samples.bytes(50_000);
  private static final Sha256 DIGEST = Samples.digest(BODY);
  private static final byte[] TAG = tag(BODY);
  private static final byte[] OTHER_TAG = "\"other\"".getBytes(StandardCharsets.US_ASCII);
  private static final String[] NAMES = {"", ".part", ".part.etag"};

  @TempDir Path scratch;

  /** The tag that {@link ImageServer} gives. */
  private static byte[] tag(byte[] body) {
    String tag = "\"" + Integer.toHexString(Arrays.hashCode(body)) + "\"";
    return tag.getBytes(StandardCharsets.US_ASCII);
  }

  private static Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    contents.put("empty", new byte[0]);
    contents.put("one byte", Arrays.copyOf(BODY, 1));
    contents.put("torn", Arrays.copyOf(BODY, 30_000));
    contents.put("zeros behind its middle", Arrays.copyOf(Arrays.copyOf(BODY, 25_000), 50_000));
    contents.put("zeros", new byte[30_000]);
    contents.put("another", Samples.bytes(40_000));
    contents.put("longer", Arrays.copyOf(BODY, 50_001));
    contents.put("whole", BODY);
    contents.put("its tag", TAG);
    contents.put("another tag", OTHER_TAG);
    return contents;
  }

  @TestFactory
  Stream<DynamicTest> whateverIsThereTheImageIsFetched() {
    return contents().entrySet().stream()
        .flatMap(
            part ->
                contents().entrySet().stream()
                    .map(
                        tag ->
                            DynamicTest.dynamicTest(
                                "part: " + part.getKey() + ", tag: " + tag.getKey(),
                                () -> fetch(new byte[][] {{}, part.getValue(), tag.getValue()}))));
  }

  @TestFactory
  Stream<DynamicTest> aSpoiltImageIsFetchedAgain() {
    return contents().entrySet().stream()
        .map(
            image ->
                DynamicTest.dynamicTest(
                    image.getKey(), () -> fetch(new byte[][] {image.getValue(), {}, {}})));
  }

  private void fetch(byte[][] files) throws Exception {
    Path directory = Files.createTempDirectory(scratch, "images");
    for (int i = 0; i < NAMES.length; i++) {
      Files.write(directory.resolve(DIGEST.hex() + NAMES[i]), files[i]);
    }
    try (ImageServer server = server()) {
      FirmwareImage image = store(directory).fetch(DIGEST, server.url("fw"), Samples.SILENT);

      assertThat(image.path()).hasBinaryContent(BODY);
      store(directory).prune(Set.of());
      try (Stream<Path> left = Files.list(directory)) {
        assertThat(left).containsExactly(image.path());
      }
    }
  }

  private static ImageServer server() throws IOException {
    ImageServer server = new ImageServer();
    server.offer("fw", BODY);
    return server;
  }

  private static ImageStore store(Path directory) throws Exception {
    return new ImageStore(directory, Samples.settings(1), new LocalDisk(), FakeClock.jumping());
  }

  @TestFactory
  Stream<DynamicTest> aDirectoryInTheWayIsNamed() {
    return Stream.of("", ".part")
        .map(name -> DynamicTest.dynamicTest("image" + name, () -> requireNamed(name)));
  }

  private void requireNamed(String name) throws Exception {
    Path directory = Files.createTempDirectory(scratch, "images");
    Files.createDirectories(directory.resolve(DIGEST.hex() + name).resolve("inside"));
    try (ImageServer server = server()) {
      Failure failure =
          Samples.failure(() -> store(directory).fetch(DIGEST, server.url("fw"), Samples.SILENT));
      assertThat(failure.code()).isEqualTo(FailureCode.STORAGE_FAILED);
      assertThat(failure.sentence()).contains(DIGEST.hex() + name).contains("Check the disk");
    }
  }
}
