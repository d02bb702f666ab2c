package io.github.childconnector.image;

import io.github.childconnector.clock.Threads;
import io.github.childconnector.http.Exchange;
import io.github.childconnector.http.Exchange.TrustException;
import io.github.childconnector.http.HttpClients;
import io.github.childconnector.http.HttpClients.Target;
import io.github.childconnector.http.HttpClients.Trust;
import io.github.childconnector.http.StallWatch;
import io.github.childconnector.http.Terms;
import io.github.childconnector.image.PartFile.ResumePoint;
import io.github.childconnector.image.Tries.TryFailedException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The file servers, asked by one GET at a time; redirects are followed by the rule for addresses.
 *
 * <p>Nothing here hangs: the headers as well as the body must come under a {@link StallWatch}.
 */
final class HttpSource implements Answer.Source {
  private static final int MAX_REDIRECTS = 5;

  private final HttpClients clients = new HttpClients();
  private final Terms terms;
  private final UrlRule rule;
  private final Threads threads;

  HttpSource(DownloadSettings settings, Threads threads) {
    this.terms =
        new Terms(new Trust(settings.tls(), Optional.empty()), settings.stallTimeout(), threads);
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
    Exchange<Body> exchange =
        clients.send(new Target(url.uri(), url.authority()), request, terms, Body::new);
    watch.guard(exchange::abandon);
    watch.waiting();
    try {
      return new Answer(url, threads.await(exchange.coming()).body(), watch);
    } catch (InterruptedException e) {
      exchange.abandon(late -> new Answer(url, late, watch).close());
      throw e;
    } catch (ExecutionException e) {
      exchange.abandon();
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
    if (fault instanceof TrustException) {
      throw new UpdateException(
          FailureCode.DOWNLOAD_FAILED,
          "No image can be fetched: %s; see download.ca_file.".formatted(fault.getMessage()),
          fault);
    }
    return watch.verdict().isPresent()
        ? new TryFailedException(watch.verdict().get())
        : TryFailedException.of(fault, url);
  }

  /**
   * A reply, its bytes as they come; the network is only some buffers ahead of the reader.
   *
   * <p>The input stream of the HTTP client would not do, for two reasons, both seen on Java 17. The
   * reader of that stream swallows an interrupt and waits on. And it asks for more as soon as
   * something came, while the client still passes on the two or three buffers that it read at once:
   * each time that happens, the client asks its socket once too often (Http1AsyncReceiver takes an
   * empty queue for the end of a delivery), until nothing holds the network back and the heap is
   * full. So this one asks when a delivery has had time to end.
   */
  static final class Body implements HttpResponse.BodySubscriber<Body>, Answer.Reply {
    /**
     * The time in nanoseconds in which a delivery ends: many times what the client needs to pass on
     * the buffers of one reading.
     */
    private static final long SETTLING = 200_000;

    private final HttpResponse.ResponseInfo head;

    /** The buffers that the client passed on at once; empty at the end. */
    private final BlockingQueue<Optional<List<ByteBuffer>>> deliveries =
        new LinkedBlockingQueue<>();

    private Iterator<ByteBuffer> delivered = Collections.emptyIterator();
    private ByteBuffer current = ByteBuffer.allocate(0);
    private volatile long came;
    private long settled;
    private boolean asked = true;
    private Flow.@Nullable Subscription subscription;
    private @Nullable Throwable fault;
    private boolean closed;

    /** The reply that begins like this. */
    Body(HttpResponse.ResponseInfo head) {
      this.head = head;
    }

    @Override
    public int status() {
      return head.statusCode();
    }

    @Override
    public List<String> headers(String name) {
      return head.headers().allValues(name);
    }

    @Override
    public CompletionStage<Body> getBody() {
      return CompletableFuture.completedStage(this);
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription coming) {
      subscription = coming;
      if (closed) {
        coming.cancel();
      } else {
        coming.request(1);
      }
    }

    @Override
    public void onNext(List<ByteBuffer> delivery) {
      came = System.nanoTime();
      deliveries.add(Optional.of(delivery));
    }

    @Override
    public synchronized void onError(Throwable reason) {
      fault = reason;
      deliveries.add(Optional.empty());
    }

    @Override
    public void onComplete() {
      deliveries.add(Optional.empty());
    }

    @Override
    public int read(byte[] chunk) throws IOException, InterruptedException {
      while (!current.hasRemaining()) {
        if (!delivered.hasNext() && !receive()) {
          return -1;
        }
        current = delivered.next();
      }
      int length = Math.min(chunk.length, current.remaining());
      current.get(chunk, 0, length);
      return length;
    }

    private boolean receive() throws IOException, InterruptedException {
      if (!asked) {
        TimeUnit.NANOSECONDS.sleep(settled - System.nanoTime());
        askForMore();
      }
      Optional<List<ByteBuffer>> delivery = deliveries.take();
      if (delivery.isEmpty()) {
        deliveries.add(delivery);
        throwFault();
        return false;
      }
      delivered = delivery.get().iterator();
      // Of this delivery: the next one comes when it was asked for.
      settled = came + SETTLING;
      asked = System.nanoTime() - settled >= 0;
      if (asked) {
        askForMore();
      }
      return true;
    }

    private synchronized void throwFault() throws IOException {
      if (fault != null) {
        throw new IOException(fault);
      }
      if (closed) {
        throw new IOException("closed");
      }
    }

    private synchronized void askForMore() {
      if (subscription != null && !closed) {
        subscription.request(1);
      }
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        if (subscription != null) {
          subscription.cancel();
        }
        deliveries.add(Optional.empty());
      }
    }
  }
}
