package io.github.childconnector.image;

import io.github.childconnector.clock.Threads;
import io.github.childconnector.http.HttpClients;
import io.github.childconnector.http.StallWatch;
import io.github.childconnector.image.PartFile.ResumePoint;
import io.github.childconnector.image.Tries.TryFailedException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The file servers, asked by one GET at a time; redirects are followed by the rule for addresses.
 *
 * <p>Nothing here hangs: the headers as well as the body must come under a {@link StallWatch}.
 */
final class HttpSource implements Answer.Source {
  private static final int MAX_REDIRECTS = 5;

  private final HttpClients clients = new HttpClients();
  private final DownloadSettings settings;
  private final UrlRule rule;
  private final Threads threads;

  HttpSource(DownloadSettings settings, Threads threads) {
    this.settings = settings;
    this.rule = new UrlRule(settings);
    this.threads = threads;
  }

  @Override
  public Answer get(ImageUrl url, Optional<ResumePoint> point, StallWatch watch)
      throws TryFailedException, UpdateException, InterruptedException {
    ImageUrl target = url;
    for (int redirects = 0; ; redirects++) {
      Answer answer = ask(request(target, point), target, watch);
      if (!answer.isRedirect()) {
        return answer;
      }
      answer.close();
      target = follow(answer, target, redirects);
    }
  }

  private ImageUrl follow(Answer answer, ImageUrl from, int redirects) throws UpdateException {
    if (redirects == MAX_REDIRECTS) {
      throw answer.refused("redirects without end at", "correct its redirects");
    }
    Optional<String> location = answer.header("Location");
    if (location.isEmpty()) {
      throw answer.refused("redirects without a Location at", "correct its redirects");
    }
    return rule.redirected(from, location.get());
  }

  private static HttpRequest request(ImageUrl url, Optional<ResumePoint> point) {
    HttpRequest.Builder request =
        HttpClients.request(url.uri()).header("Accept-Encoding", "identity");
    point.ifPresent(
        from ->
            request.header("Range", "bytes=" + from.offset() + "-").header("If-Range", from.tag()));
    return request.build();
  }

  private Answer ask(HttpRequest request, ImageUrl url, StallWatch watch)
      throws TryFailedException, UpdateException, InterruptedException {
    CompletableFuture<HttpResponse<Body>> coming = client(url).sendAsync(request, Body::new);
    watch.guard(() -> coming.cancel(true));
    watch.waiting();
    try {
      return new Answer(url, threads.await(coming).body(), watch);
    } catch (InterruptedException e) {
      abandon(coming, url, watch);
      throw e;
    } catch (ExecutionException e) {
      // Where headers cannot be parsed, the client forgets to close the connection; what derives
      // from its future still can.
      coming.newIncompleteFuture().cancel(true);
      throw failed(e.getCause() == null ? e : e.getCause(), url, watch);
    } catch (CancellationException e) {
      throw failed(e, url, watch);
    } finally {
      watch.arrived();
    }
  }

  private static TryFailedException failed(Throwable fault, ImageUrl url, StallWatch watch)
      throws UpdateException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return watch.verdict().isPresent()
        ? new TryFailedException(watch.verdict().get())
        : TryFailedException.of(fault, url);
  }

  private HttpClient client(ImageUrl url) throws UpdateException {
    try {
      HttpClients.Trust trust = new HttpClients.Trust(settings.tls(), Optional.empty());
      return clients.of(url.uri(), trust, settings.stallTimeout());
    } catch (IOException e) {
      throw new UpdateException(
          FailureCode.DOWNLOAD_FAILED,
          "No image can be fetched: %s; see download.ca_file.".formatted(e.getMessage()),
          e);
    }
  }

  private static void abandon(
      CompletableFuture<HttpResponse<Body>> coming, ImageUrl url, StallWatch watch) {
    coming.cancel(true);
    // It may have come just before.
    CompletableFuture<Void> unused =
        coming.thenAccept(response -> new Answer(url, response.body(), watch).close());
  }
}
