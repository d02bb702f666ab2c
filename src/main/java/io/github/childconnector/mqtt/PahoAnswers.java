package io.github.childconnector.mqtt;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.mqtt.PacketGate.BrokenPromiseException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * The answers that are awaited from the broker on one connection. Each wait ends with the answer,
 * with its limit or with the loss of the connection, whichever comes first.
 */
final class PahoAnswers {
  private final MonotonicClock clock;
  private final Diagnosis diagnosis;
  private final CompletableFuture<String> loss = new CompletableFuture<>();
  private final Map<Long, CompletableFuture<?>> open = new ConcurrentHashMap<>();
  private volatile CompletableFuture<String> wake = new CompletableFuture<>();
  private final AtomicLong tickets = new AtomicLong();
  private volatile Optional<String> reason = Optional.empty();
  private volatile boolean accepted;

  PahoAnswers(MonotonicClock clock, Diagnosis diagnosis) {
    this.clock = clock;
    this.diagnosis = diagnosis;
  }

  /**
   * The outcome of one call of the library, as one of its threads tells it. It is told after the
   * library has done its own accounts, unlike to those who wait on its tokens.
   */
  final class Answer extends CompletableFuture<IMqttToken> implements MqttActionListener {
    private final Runnable before;
    private final Runnable afterFailure;

    private Answer(Runnable before, Runnable afterFailure) {
      this.before = before;
      this.afterFailure = afterFailure;
    }

    @Override
    public void onSuccess(IMqttToken token) {
      before.run();
      complete(token);
    }

    @Override
    public void onFailure(IMqttToken token, Throwable failure) {
      fail(failure);
      afterFailure.run();
    }

    /** Ends the wait with what the library says by an exception instead. */
    void fail(Throwable failure) {
      completeExceptionally(failure(failure));
    }
  }

  void accept() {
    accepted = true;
  }

  boolean isAccepted() {
    return accepted;
  }

  /** Puts a failure of the library into a sentence with the remedy. */
  IOException failure(Throwable failure) {
    return new IOException(sentence(failure));
  }

  /** Says in one sentence why the library has failed. */
  String sentence(Throwable failure) {
    Throwable cause = Optional.ofNullable(failure.getCause()).orElse(failure);
    if (cause instanceof MqttException answer && Diagnosis.isCode(answer.getReasonCode())) {
      int code = answer.getReasonCode();
      return accepted ? diagnosis.ended(code) : diagnosis.refused(code);
    }
    if (cause instanceof BrokenPromiseException) {
      return diagnosis.brokenPromise(String.valueOf(cause.getMessage()));
    }
    return accepted ? diagnosis.broken() : diagnosis.unreachable(cause);
  }

  /** An answer that fails when the connection is lost before it is there. */
  Answer expect() {
    return expect(() -> {}, () -> {});
  }

  /**
   * An answer to the request to connect.
   *
   * @param failed run when the library has given up the attempt, by a thread of its own
   */
  Answer expectAcceptance(Runnable failed) {
    // In the library's thread, which hands on messages after this.
    return expect(this::accept, failed);
  }

  private Answer expect(Runnable before, Runnable afterFailure) {
    Answer answer = new Answer(before, afterFailure);
    expect(answer);
    return answer;
  }

  /** Lets {@code answer} fail when the connection is lost before it is there. */
  <T> void expect(CompletableFuture<T> answer) {
    long ticket = tickets.getAndIncrement();
    open.put(ticket, answer);
    var unused = answer.whenComplete((value, failure) -> open.remove(ticket));
    reason.ifPresent(why -> fail(answer, why));
  }

  /**
   * Waits for an expected answer, which stays expected when the thread is interrupted. A connection
   * on which {@code limit} has passed is lost: the library cannot be trusted with it any more.
   *
   * @param what has not been answered then, for a sentence
   * @throws IOException there is no answer; says why, in one sentence with the remedy
   */
  <T> T await(CompletableFuture<T> answer, Duration limit, String what)
      throws IOException, InterruptedException {
    MonotonicClock.Timer timer =
        clock.schedule(limit, () -> lose(diagnosis.unanswered(what, limit)));
    try {
      return clock.threads().await(answer);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException told
          ? new IOException(told.getMessage(), told)
          : new IOException(String.valueOf(e.getCause()), e);
    } finally {
      timer.cancel();
    }
  }

  /** Waits in the same way, and returns the codes in the broker's answer. */
  int[] codes(Answer answer, Duration limit, String what) throws IOException, InterruptedException {
    return Optional.ofNullable(await(answer, limit, what).getReasonCodes()).orElse(new int[0]);
  }

  /**
   * The connection is gone: ends every wait, that for the loss last, because whoever awaits it
   * makes the library fail the others for a less telling reason. Only the first reason is kept.
   */
  synchronized void lose(String why) {
    if (reason.isEmpty()) {
      reason = Optional.of(why);
      open.values().forEach(answer -> fail(answer, why));
      loss.complete(why);
    }
  }

  boolean isLost() {
    return reason.isPresent();
  }

  /**
   * Waits for the loss, but no longer than {@code limit}, and not beyond {@link #wake}; empty if
   * there is none by then. Without a limit that may be years.
   */
  Optional<String> awaitLoss(Optional<Duration> limit) throws InterruptedException {
    CompletableFuture<String> enough = wake;
    Optional<MonotonicClock.Timer> timer =
        limit.map(length -> clock.schedule(length, () -> enough.complete("")));
    try {
      clock.threads().await(CompletableFuture.anyOf(loss, enough));
      return reason;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      timer.ifPresent(MonotonicClock.Timer::cancel);
      if (enough.isDone()) {
        wake = new CompletableFuture<>();
      }
    }
  }

  /** Ends the wait for the loss, or the next one if there is none. */
  void wake() {
    wake.complete("");
  }

  private static void fail(CompletableFuture<?> answer, String why) {
    answer.completeExceptionally(new IOException(why));
  }
}
