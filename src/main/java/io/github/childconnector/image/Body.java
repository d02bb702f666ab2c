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
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer as they come; the network is only some buffers ahead of the reader.
 *
 * <p>The input stream of the HTTP client would not do, for two reasons, both seen on Java 17. The
 * reader of that stream swallows an interrupt and waits on. And it asks for more as soon as
 * something came, while the client still passes on the two or three buffers that it read at once:
 * each time that happens, the client asks its socket once too often (Http1AsyncReceiver takes an
 * empty queue for the end of a delivery), until nothing holds the network back and the heap is
 * full. So this one asks when a delivery has had time to end.
 */
final class Body implements HttpResponse.BodySubscriber<Body>, AutoCloseable {
  /**
   * The time in nanoseconds in which a delivery ends: many times what the client needs to pass on
   * the buffers of one reading.
   */
  private static final long SETTLING = 200_000;

  private static final Delivery END = new Delivery(List.of(), 0, true);

  private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
  private Iterator<ByteBuffer> delivered = Collections.emptyIterator();
  private ByteBuffer current = ByteBuffer.allocate(0);
  private long settled;
  private boolean asked = true;
  private Flow.@Nullable Subscription subscription;
  private @Nullable Throwable fault;
  private boolean closed;

  /** The buffers that the client passed on at once, and when. */
  private record Delivery(List<ByteBuffer> buffers, long time, boolean end) {}

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
    deliveries.add(new Delivery(delivery, System.nanoTime(), false));
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
    if (!asked) {
      TimeUnit.NANOSECONDS.sleep(settled - System.nanoTime());
      askForMore();
    }
    Delivery delivery = deliveries.take();
    if (delivery.end) {
      deliveries.add(END);
      throwFault();
      return false;
    }
    delivered = delivery.buffers.iterator();
    settled = delivery.time + SETTLING;
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
