package io.github.childconnector.image;

import static io.github.childconnector.image.Faults.BODY;
import static io.github.childconnector.image.Faults.GOOD;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What file servers do wrong, and what comes of it: the right image or a named failure, after so
 * many requests and bytes, within the deadline, with nothing left behind.
 */
@Tag("matrix")
@IntegrationTest
class HttpFaultTest {
  private static final Tally TALLY = new Tally("http");
  private static final DownloadSettings SETTINGS = Samples.settings(3, 1_000_000, 0);
  private static final int MAX_RUNS = 4;
  private static final Duration LONGEST = Samples.DEADLINE.plusMinutes(2);

  @TempDir Path directory;
  private final Faults faults = new Faults();

  /** What Java opens once for all connections is no leftover. */
  @BeforeAll
  static void warmUp(@TempDir Path scratch) throws Exception {
    try (ScriptedServer server = new ScriptedServer(GOOD)) {
      new ImageStore(scratch, Samples.settings(1), new LocalDisk(), FakeClock.jumping())
          .fetch(Samples.digest(BODY), server.url(), Samples.SILENT);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.github.childconnector.image.HttpFaults#rows")
  void check(HttpFault fault) throws Exception {
    check(fault, (store, url) -> store.fetch(Samples.digest(BODY), url, faults.progress));
  }

  /** The same where nobody has promised the digest, which would have told the bytes. */
  @ParameterizedTest(name = "unpromised: {0}")
  @MethodSource("io.github.childconnector.image.HttpFaults#unpromised")
  void checkUnpromised(HttpFault fault) throws Exception {
    check(fault, (store, url) -> store.fetch(url, faults.progress));
  }

  private interface Fetch {
    FirmwareImage from(ImageStore store, String url) throws UpdateException, InterruptedException;
  }

  private void check(HttpFault fault, Fetch fetch) throws Exception {
    TALLY.add(Count.POINTS, 1);
    TALLY.add(Count.RUNS, 1);
    TALLY.add(Count.OPERATIONS, 1);
    // HttpClient may repeat a request by itself, and a try may end before the server has read it,
    // where the machine is busy; not each time.
    List<Integer> requests = new ArrayList<>();
    do {
      requests.add(requests(fault, fetch, directory.resolve("run-" + requests.size())));
    } while (!requests.contains(fault.requests()) && requests.size() < MAX_RUNS);
    assertThat(requests).contains(fault.requests());
  }

  private int requests(HttpFault fault, Fetch fetch, Path images) throws Exception {
    int requests;
    long begin = faults.clock.nanoTime();
    Leftovers before = Leftovers.now();
    ImageStore store = new ImageStore(images, SETTINGS, new LocalDisk(), faults.clock);
    Reply[] script = fault.script().apply(faults).toArray(Reply[]::new);
    try (ScriptedServer server = new ScriptedServer(script)) {
      String end = end(() -> fetch.from(store, server.url()));
      TALLY.expect(Count.CONTRADICTIONS, () -> assertEnd(fault, end));
      requests = server.requests().size();
      assertThat(server.served()).isLessThanOrEqualTo(fault.served());
    }
    assertThat(Duration.ofNanos(faults.clock.nanoTime() - begin)).isLessThanOrEqualTo(LONGEST);
    store.prune(Set.of());
    TALLY.expect(Count.LEAKS, () -> assertStored(fault, images));
    assertGoesOn(store);
    TALLY.expect(Count.LEAKS, before::assertNoMoreNow);
    return requests;
  }

  private String end(Callable<FirmwareImage> fetch) throws Exception {
    CompletableFuture<String> end = new CompletableFuture<>();
    Thread thread = new Thread(() -> end.complete(fetch(fetch)), "fetch");
    thread.start();
    try {
      TALLY.expect(Count.LOST, () -> end.get(90, TimeUnit.SECONDS));
      return end.join();
    } finally {
      thread.interrupt();
      thread.join();
    }
  }

  private static String fetch(Callable<FirmwareImage> fetch) {
    try {
      assertThat(fetch.call().path()).hasBinaryContent(BODY);
      return HttpFaults.GOOD_END;
    } catch (UpdateException e) {
      return e.failure().reason();
    } catch (Exception | Error e) {
      return e.toString();
    }
  }

  private static void assertEnd(HttpFault fault, String end) {
    int code = fault.end().lastIndexOf(": ") + 1;
    assertThat(end)
        .startsWith(fault.end().substring(0, code))
        .contains(fault.end().substring(code).strip());
    assertThat(end).doesNotContain("secret");
  }

  /** It also makes Java's client look after the connections it has closed, which it puts off. */
  private static void assertGoesOn(ImageStore store) throws Exception {
    byte[] next = Samples.bytes(10);
    try (ScriptedServer server = new ScriptedServer(Replies.whole(next))) {
      assertThat(store.fetch(Samples.digest(next), server.url(), Samples.SILENT).size())
          .isEqualTo(10);
    }
  }

  private static void assertStored(HttpFault fault, Path images) {
    Path image = images.resolve(Samples.digest(BODY).hex());
    if (fault.end().equals(HttpFaults.GOOD_END)) {
      assertThat(images.toFile().listFiles()).containsExactly(image.toFile());
    } else {
      assertThat(images).isEmptyDirectory();
    }
  }

  @AfterAll
  static void save() {
    TALLY.save();
  }
}
