package io.github.childconnector.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.BrokenDisk;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A disk that fails at each single thing the image store asks of it, once or from then on: the
 * update ends with the image or with a reason that says what to do, nothing is left, and once the
 * disk is well again, so is the store.
 */
@Tag("matrix")
@IntegrationTest
class ImageDiskFaultTest {
  private static final Tally TALLY = new Tally("images");
  private static final String TAG = "ETag: \"a\"";
  private static final byte[] BODY = Samples.bytes(100_000);
  private static final Sha256 DIGEST = Samples.digest(BODY);
  private static final int CUT = 40_000;

  private final BrokenDisk disk = new BrokenDisk();
  private final RecordingProgress progress = new RecordingProgress();
  private Path directory;

  private record Fault(String message, FailureCode code, int times) {}

  static Stream<Fault> faults() {
    return Stream.of(
        new Fault("No space left on device", FailureCode.DISK_FULL, 1),
        new Fault("No space left on device", FailureCode.DISK_FULL, Integer.MAX_VALUE),
        new Fault("Input/output error", FailureCode.STORAGE_FAILED, 1),
        new Fault("Input/output error", FailureCode.STORAGE_FAILED, Integer.MAX_VALUE));
  }

  @BeforeEach
  void directory(@TempDir Path scratch) {
    directory = scratch;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void eachUseOfTheDiskMayFail(Fault fault) throws Exception {
    int uses = usesOf();
    Leftovers before = Leftovers.now();
    assertThat(uses).isGreaterThan(12);
    for (int use = 0; use < uses; use++) {
      check(fault, use);
      TALLY.add(Count.POINTS, 1);
      TALLY.add(Count.OPERATIONS, 1);
    }
    TALLY.expect(Count.LEAKS, before::assertNoMoreNow);
  }

  private int usesOf() throws Exception {
    Path place = directory.resolve("count");
    ImageStore store = new ImageStore(place, Samples.settings(3), disk, FakeClock.jumping());
    int before = disk.uses();
    try (ScriptedServer server = server()) {
      store.fetch(DIGEST, server.url(), progress);
    }
    return disk.uses() - before;
  }

  /** A download that is cut and goes on, so that all kinds of files are there. */
  private ScriptedServer server() throws Exception {
    Reply whole = Replies.whole(BODY, TAG);
    return new ScriptedServer(
        Replies.cut(BODY, CUT, progress, TAG), Replies.rest(BODY, CUT, TAG), whole);
  }

  private void check(Fault fault, int use) throws Exception {
    Path place = directory.resolve(fault.times + "-" + use);
    ImageStore store = new ImageStore(place, Samples.settings(3), disk, FakeClock.jumping());
    disk.fail(use, fault.times, fault.message);
    String end = fetch(store);
    String where = fault + " at " + disk.failed() + ", use " + use + ": " + end;
    if (!end.isEmpty()) {
      assertThat(end).as(where).startsWith(fault.code.word() + ": ");
      assertThat(end).as(where).contains(place.toString(), fault.message);
      assertThat(end).as(where).containsPattern("free some space|remove some files|Check the disk");
      assertThat(end).as(where).doesNotContain("java.", "Exception");
    }
    assertThat(
            end.isEmpty()
                && disk.failed().matches("(write|force|close|rename).*[.]part|.*Directory.*"))
        .as("an error taken for success: " + where)
        .isFalse();
    disk.fail(0, 0, "");
    store.prune(Set.of());
    TALLY.expect(Count.LEAKS, () -> assertLeft(place, where));
    assertThat(fetch(store)).as(where).isEmpty();
    assertThat(place.resolve(DIGEST.hex())).as(where).hasBinaryContent(BODY);
  }

  private String fetch(ImageStore store) throws Exception {
    try (ScriptedServer server = server()) {
      store.fetch(DIGEST, server.url(), progress);
      return "";
    } catch (UpdateException e) {
      return e.failure().reason();
    }
  }

  @AfterAll
  static void save() {
    TALLY.save();
  }

  private static void assertLeft(Path place, String where) {
    List<String> names = Stream.of(place.toFile().listFiles()).map(file -> file.getName()).toList();
    assertThat(names).as(where).isSubsetOf(DIGEST.hex());
  }
}
