package io.github.childconnector.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.childconnector.clock.FakeClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class PahoAnswersTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final MqttSettings SETTINGS =
      new MqttSettings("127.0.0.1", 1883, "connector", Optional.empty(), Optional.empty(), true);
  private static final String LATE =
      "the broker at 127.0.0.1:1883 has not answered late within 5s: is it overloaded, or the"
          + " network gone?";

  private final FakeClock clock = FakeClock.standing();
  private final PahoAnswers answers = new PahoAnswers(clock, new Diagnosis(SETTINGS));

  @Test
  void anAnswerThatIsThereIsReturned() throws Exception {
    CompletableFuture<String> answer = expected();
    answer.complete("yes");
    assertThat(answers.await(answer, LIMIT, "late")).isEqualTo("yes");
    clock.advance(LIMIT);
    assertThat(answers.isLost()).isFalse();
  }

  @Test
  void aLossEndsWhatIsAndWhatWillBeExpected() {
    CompletableFuture<String> before = expected();
    answers.lose("first");
    answers.lose("second");
    for (CompletableFuture<String> answer : List.of(before, expected())) {
      assertThatThrownBy(() -> answers.await(answer, LIMIT, "late"))
          .isInstanceOf(IOException.class)
          .hasMessage("first");
    }
  }

  @Test
  void aLimitThatHasPassedIsALossForAll() throws Exception {
    CompletableFuture<String> other = expected();
    CompletableFuture<String> answer = expected();
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread waiting = new Thread(() -> end.complete(failure(answer)));
    waiting.start();
    awaitWaiting(waiting);
    clock.advance(LIMIT.minusMillis(1));
    assertThat(answer).isNotDone();
    clock.advance(Duration.ofMillis(1));
    assertThat(end).succeedsWithin(Duration.ofSeconds(60));
    assertThat(end.join()).isInstanceOf(IOException.class).hasMessage(LATE);
    assertThat(other).isCompletedExceptionally();
    assertThat(answers.awaitLoss(Optional.empty())).contains(LATE);
  }

  @Test
  void theWaitForTheLossEndsWithItsLimitOrWhenItIsWoken() throws Exception {
    answers.wake();
    assertThat(answers.awaitLoss(Optional.empty())).isEmpty();

    CompletableFuture<Optional<String>> end = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                end.complete(answers.awaitLoss(Optional.of(LIMIT)));
              } catch (InterruptedException e) {
                end.completeExceptionally(e);
              }
            });
    waiting.start();
    awaitWaiting(waiting);
    clock.advance(LIMIT.minusMillis(1));
    assertThat(end).isNotDone();
    clock.advance(Duration.ofMillis(1));
    assertThat(end).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(Optional.empty());

    answers.lose("gone");
    assertThat(answers.awaitLoss(Optional.empty())).contains("gone");
  }

  @Test
  void anInterruptedWaitLeavesTheAnswerExpected() {
    CompletableFuture<String> answer = expected();
    Thread.currentThread().interrupt();
    assertThat(failure(answer)).isInstanceOf(InterruptedException.class);
    clock.advance(LIMIT);
    assertThat(answer).isNotDone();
    answers.lose("gone");
    assertThat(answer).isCompletedExceptionally();
  }

  private CompletableFuture<String> expected() {
    CompletableFuture<String> answer = new CompletableFuture<>();
    answers.expect(answer);
    return answer;
  }

  private Throwable failure(CompletableFuture<String> answer) {
    try {
      throw new AssertionError(answers.await(answer, LIMIT, "late"));
    } catch (IOException | InterruptedException e) {
      return e;
    }
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}
