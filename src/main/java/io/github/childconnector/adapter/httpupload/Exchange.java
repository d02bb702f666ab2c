package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.httpupload.Reply.ReplyBody;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request and its answer. The thread that waits is the one that watches the time. */
final class Exchange {
  private static final int LOOK_MILLIS = 100;

  private final HttpClient client;
  private final Transfer transfer;

  Exchange(HttpClient client, Transfer transfer) {
    this.client = client;
    this.transfer = transfer;
  }

  /**
   * Waits for the answer, which may break off in its body; the connection is given up where there
   * is none.
   *
   * @throws ExchangeException there is no answer
   */
  Reply send(HttpRequest request) throws ExchangeException, InterruptedException {
    CompletableFuture<ReplyBody> begun = new CompletableFuture<>();
    CompletableFuture<HttpResponse<ReplyBody>> coming =
        client.sendAsync(request, head -> begin(begun, head));
    try {
      ReplyBody body = await(coming).body();
      transfer.report();
      return Reply.of(body);
    } catch (ExecutionException e) {
      // The client may fail a request whose body breaks off before it has asked for what came.
      if (begun.isDone()) {
        return Reply.of(begun.join());
      }
      transfer.ended();
      throw ExchangeException.of(e.getCause() == null ? e : e.getCause(), transfer);
    } catch (CancellationException e) {
      throw ExchangeException.of(e, transfer);
    } finally {
      if (!coming.isDone() || coming.isCompletedExceptionally()) {
        abandon(coming);
      }
    }
  }

  private static ReplyBody begin(
      CompletableFuture<ReplyBody> begun, HttpResponse.ResponseInfo head) {
    ReplyBody body = new ReplyBody(head);
    begun.complete(body);
    return body;
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
