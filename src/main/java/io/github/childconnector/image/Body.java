package io.github.childconnector.image;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
final class Body implements HttpResponse.BodySubscriber<Body>, Answer.Reply {
  /**
   * The time in nanoseconds in which a delivery ends: many times what the client needs to pass on
   * the buffers of one reading.
   */
  private static final long SETTLING = 200_000;

  private final HttpResponse.ResponseInfo head;

  /** The buffers that the client passed on at once; empty at the end. */
  private final BlockingQueue<Optional<List<ByteBuffer>>> deliveries = new LinkedBlockingQueue<>();

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
  public Optional<String> header(String name) {
    return head.headers().firstValue(name);
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
