package io.github.childconnector.image;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer as they come. The network is at most one delivery ahead of the reader, so
 * that memory does not depend on the length.
 *
 * <p>It stands in for the input stream of the HTTP client, whose reader, on Java 17, swallows an
 * interrupt and goes on waiting.
 */
final class Body implements HttpResponse.BodySubscriber<Body>, AutoCloseable {
  /** Recognised by its identity, behind the last delivery. */
  private static final List<ByteBuffer> END = List.of(ByteBuffer.allocate(0));

  private final BlockingQueue<List<ByteBuffer>> deliveries = new LinkedBlockingQueue<>();
  private Iterator<ByteBuffer> delivered = Collections.emptyIterator();
  private ByteBuffer current = ByteBuffer.allocate(0);
  private Flow.@Nullable Subscription subscription;
  private @Nullable Throwable fault;
  private boolean closed;

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
    deliveries.add(delivery);
  }

  @Override
  public synchronized void onError(Throwable reason) {
    fault = reason;
    deliveries.add(END);
  }

  @Override
  public void onComplete() {
    deliveries.add(END);
  }

  /**
   * Waits for bytes and puts some into {@code chunk}; returns how many, -1 at the end.
   *
   * @throws IOException where the connection broke or this was closed
   */
  int read(byte[] chunk) throws IOException, InterruptedException {
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
    List<ByteBuffer> delivery = deliveries.take();
    if (delivery == END) {
      deliveries.add(END);
      throwFault();
      return false;
    }
    requestNext();
    delivered = delivery.iterator();
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

  private synchronized void requestNext() {
    if (subscription != null && !closed) {
      subscription.request(1);
    }
  }

  /** Gives the connection up, unless all has come; whoever reads is woken. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      if (subscription != null) {
        subscription.cancel();
      }
      deliveries.add(END);
    }
  }
}
