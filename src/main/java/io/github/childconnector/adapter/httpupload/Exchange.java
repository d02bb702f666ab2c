package io.github.childconnector.adapter.httpupload;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request and its answer. The thread that waits is the one that watches the time. */
final class Exchange {
  private static final int LOOK_MILLIS = 100;

  private final HttpClient client;
  private final Transfer transfer;

  Exchange(HttpClient client, Transfer transfer) {
    this.client = client;
    this.transfer = transfer;
  }

  /**
   * Waits for the answer; the connection is given up where there is none.
   *
   * @throws ExchangeException there is no answer
   */
  Reply send(HttpRequest request) throws ExchangeException, InterruptedException {
    CompletableFuture<HttpResponse<ReplyBody>> coming =
        client.sendAsync(request, head -> new ReplyBody());
    try {
      HttpResponse<ReplyBody> response = await(coming);
      transfer.report();
      return Reply.of(response);
    } catch (ExecutionException e) {
      throw ExchangeException.of(e.getCause() == null ? e : e.getCause(), transfer);
    } catch (CancellationException e) {
      throw ExchangeException.of(e, transfer);
    } finally {
      if (!coming.isDone() || coming.isCompletedExceptionally()) {
        abandon(coming);
      }
    }
  }

  /**
   * Ends the connection. Where headers cannot be parsed, the client forgets to close it; what
   * derives from its future still can.
   */
  private static void abandon(CompletableFuture<?> coming) {
    coming.cancel(true);
    coming.newIncompleteFuture().cancel(true);
  }

  private <T> T await(CompletableFuture<T> coming)
      throws ExchangeException, ExecutionException, InterruptedException {
    while (true) {
      try {
        return coming.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        transfer.look();
      }
    }
  }
}
