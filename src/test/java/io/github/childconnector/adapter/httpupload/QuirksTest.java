package io.github.childconnector.adapter.httpupload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.childconnector.IntegrationTest;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.RecordingProgress;
import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.operation.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Devices as they are: they hang up, stall, lie, and restart when they please. */
@Timeout(300)
@IntegrationTest
class QuirksTest {
  private static final byte[] SMALL = Bench.bytes(20_000);

  /** More than the network's buffers on both sides hold. */
  private static final byte[] LARGE = Bench.bytes(8_000_000);

  private static final String POST = "POST /update";
  private static final String OPTIONAL = "answer = \"optional\"";

  /** That it has taken everything may be noticed late. */
  private static final String NO_STALL = "stall_timeout = \"24h\"";

  private final RecordingProgress progress = new RecordingProgress();
  private final FakeClock clock = FakeClock.standing();
  private final FakeBoard board;
  private final Bench bench;

  QuirksTest(@TempDir Path directory) throws IOException {
    board = new FakeBoard();
    bench = new Bench(directory);
  }

  @BeforeEach
  void answers() {
    board.on("GET /version", visit -> visit.answer("200 OK", "1.0"));
  }

  @AfterEach
  void close() {
    board.close();
  }

  private DeviceAdapter adapter(String... more) {
    return bench.adapter(
        clock,
        "url = \"" + board.url("/update") + "\"",
        "version_url = \"" + board.url("/version") + "\"",
        String.join("\n", more));
  }

  private void install(byte[] image, String... more) throws Exception {
    adapter(more).install(bench.installation(image), progress);
  }

  private String failure(byte[] image, String... more) {
    return Bench.failure(() -> install(image, more)).sentence();
  }

  private static void takeAndHangUp(FakeBoard.Visit visit) throws IOException {
    visit.readBody();
  }

  @Test
  void itHangsUpInsteadOfAnswering() throws Exception {
    board.on(POST, QuirksTest::takeAndHangUp);

    assertThat(failure(SMALL))
        .startsWith("The image could not be sent to " + board.url("/update"))
        .contains("the connection ended without an answer")
        .endsWith("Check the device, then send the update again.");
    install(SMALL, OPTIONAL);
    assertThat(progress.said())
        .last()
        .asString()
        .startsWith("The device has taken the image, but the connection ended without an answer");
    assertThat(board.visits(POST))
        .hasSize(2)
        .allSatisfy(it -> assertThat(it.file()).isEqualTo(SMALL));
  }

  @Test
  void itResetsTheConnectionInsteadOfAnswering() throws Exception {
    board.on(
        POST,
        visit -> {
          visit.readBody();
          visit.reset();
        });

    assertThat(failure(SMALL)).contains("the connection ended without an answer");
    install(SMALL, OPTIONAL);
  }

  @Test
  void itHangsUpInTheMiddle() {
    board.on(
        POST,
        visit -> {
          visit.readBody(100_000);
          visit.reset();
        });

    assertThat(failure(LARGE, OPTIONAL))
        .containsPattern("the connection ended after \\d+ of 8000\\d+ bytes were sent");
  }

  @Test
  void itSaysOkButMeansFail() {
    board.on(
        POST,
        visit -> {
          visit.readBody();
          visit.answer("200 OK", "FAIL");
        });

    assertThat(failure(SMALL, OPTIONAL, "success_pattern = \"^OK$\""))
        .contains("answered 200: FAIL, in which success_pattern is not found");
  }

  @RepeatedTest(20)
  void itBreaksOffItsAnswer() throws Exception {
    board.on(
        POST,
        visit -> {
          visit.readBody();
          visit.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nUpdate Success! Reboo");
        });

    install(SMALL, "success_pattern = \"Update Success\"");
    assertThat(progress.said()).last().isEqualTo("The device answered 200: Update Success! Reboo");
  }

  @Test
  void itAnswersWithoutALength() throws Exception {
    board.on(
        POST,
        visit -> {
          visit.readBody();
          visit.send("HTTP/1.0 200 OK\r\n\r\nOK");
        });

    install(SMALL, "success_pattern = \"^OK$\"");
  }

  @Test
  void itAnswersBeforeItHasReadAll() {
    board.on(
        POST,
        visit -> {
          visit.readBody(10_000);
          visit.answer("507 Insufficient Storage", "no room");
          visit.awaitLeft();
        });

    assertThat(failure(Bench.bytes(500_000))).contains("answered 507: no room");
  }

  @Test
  void itDoesNotSpeakHttp() {
    board.on(
        POST,
        visit -> {
          visit.readBody();
          visit.send("Guru Meditation\r\n\r\n");
        });

    assertThat(failure(SMALL)).startsWith("The image could not be sent to ");
  }

  private CompletableFuture<Failure> failing(byte[] image, String... more) {
    DeviceAdapter adapter = adapter(more);
    Installation installation = bench.installation(image);
    return CompletableFuture.supplyAsync(
        () -> Bench.failure(() -> adapter.install(installation, progress)));
  }

  private static String sentence(CompletableFuture<Failure> failing)
      throws ExecutionException, InterruptedException {
    return failing.get().sentence();
  }

  @Test
  void itStallsInTheMiddle() throws Exception {
    board.on(
        POST,
        visit -> {
          visit.readBody(100_000);
          visit.hang();
        });
    CompletableFuture<Failure> failing = failing(LARGE, OPTIONAL, "stall_timeout = \"20s\"");
    await().until(() -> !board.visits(POST).isEmpty());
    await().until(() -> board.visits(POST).get(0).body().length >= 100_000);
    awaitEndOf(failing);

    assertThat(sentence(failing))
        .containsPattern("it took nothing more for 20s \\(stall_timeout\\), after \\d+ of 8000");
  }

  /** Lets the time pass until it has ended. */
  private void awaitEndOf(CompletableFuture<?> failing) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              clock.advance(Duration.ofSeconds(1));
              return failing.isDone();
            });
  }

  @Test
  void itNeverAnswers() throws Exception {
    board.on(
        POST,
        visit -> {
          visit.readBody();
          visit.hang();
        });
    CompletableFuture<Failure> failing = failing(SMALL, "answer_timeout = \"2m\"", NO_STALL);
    await().until(() -> !board.visits(POST).isEmpty());
    await().until(() -> board.visits(POST).get(0).body().length > SMALL.length);
    awaitEndOf(failing);

    assertThat(sentence(failing))
        .contains("it gave no answer for 2m (answer_timeout) after it had taken the image");
  }

  @Test
  void itDribblesItsAnswerForEver() throws Exception {
    board.on(
        POST,
        visit -> {
          visit.readBody();
          visit.send("HTTP/1.1 200 OK\r\n\r\n");
          visit.send("O");
          visit.hang();
        });
    CompletableFuture<Failure> failing = failing(SMALL, NO_STALL);
    await().until(() -> !board.visits(POST).isEmpty());
    await().until(() -> board.visits(POST).get(0).body().length > SMALL.length);
    awaitEndOf(failing);

    assertThat(sentence(failing)).contains("it gave no answer for 1m (answer_timeout)");
  }

  @Test
  void anInterruptInTheMiddleOfTheImageHangsUp() throws Exception {
    CompletableFuture<String> left = new CompletableFuture<>();
    CompletableFuture<String> begun = new CompletableFuture<>();
    board.on(
        POST,
        visit -> {
          visit.readBody(10_000);
          begun.complete("begun");
          try {
            visit.readBody(Integer.MAX_VALUE);
          } finally {
            left.complete("left");
          }
        });
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    Installation installation = bench.installation(Bench.bytes(30_000_000));
    Thread installing =
        new Thread(
            () -> {
              try {
                adapter("stall_timeout = \"1h\"").install(installation, progress);
                thrown.complete(new AssertionError("installed"));
              } catch (Throwable e) {
                thrown.complete(e);
              }
            });
    installing.start();
    begun.get();
    installing.interrupt();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(left.get()).isEqualTo("left");
  }

  /** Nobody knows what it did with the image. */
  @Test
  void itIsBusyBehindTheImage() {
    board.on(
        POST,
        visit -> {
          visit.readBody();
          visit.answer("503 Service Unavailable", "measuring");
        });

    assertThat(failure(SMALL)).contains("answered 503: measuring");
  }

  /** As a device that has lost its power, and with it the connection that was kept. */
  @Test
  void itForgetsAConnectionThatWasKept() throws Exception {
    board.on(
        "GET /version",
        visit -> {
          visit.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n1.0");
          visit.hang();
        });
    board.on(
        POST,
        visit -> {
          visit.readBody();
          visit.answer("200 OK", "OK");
        });
    DeviceAdapter adapter = adapter();

    assertThat(bench.readVersion(adapter)).isEqualTo("1.0");
    adapter.install(bench.installation(SMALL), progress);
    assertThat(board.visits(POST)).hasSize(1);
  }

  @Test
  void progressIsToldToTheEnd() throws Exception {
    board.on(
        POST,
        visit -> {
          visit.readBody(1_000_000);
          await().until(() -> progress.said().stream().anyMatch(it -> it.matches("[1-9]\\d?%")));
          visit.readBody(7_000_000);
          visit.answer("200 OK", "OK");
          visit.awaitLeft();
        });

    install(LARGE);
    assertThat(progress.said()).startsWith("step WRITE").endsWith("The device answered 200: OK");
  }
}
