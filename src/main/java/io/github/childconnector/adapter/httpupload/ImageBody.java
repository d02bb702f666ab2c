package io.github.childconnector.adapter.httpupload;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;

/**
 * The body of an upload: the image, with what stands around it, read piece by piece as the device
 * takes it. It can be sent once.
 *
 * <p>It stands in for the JDK's own publisher of files, which would read ahead in pieces so large
 * that a slow device could not be told from one that has stalled.
 */
final class ImageBody implements Flow.Publisher<ByteBuffer>, AutoCloseable {
  private static final int PIECE = 8 * 1024;

  private final InputStream content;
  private final Transfer transfer;
  private boolean subscribed;
  private boolean over;
  private Optional<IOException> trouble = Optional.empty();

  /** Sends the image between what stands before and behind it, and closes it. */
  ImageBody(byte[] head, InputStream image, byte[] tail, Transfer transfer) {
    List<InputStream> parts =
        List.of(new ByteArrayInputStream(head), image, new ByteArrayInputStream(tail));
    this.content = new SequenceInputStream(Collections.enumeration(parts));
    this.transfer = transfer;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(new Sending(subscriber));
    if (!isFirst()) {
      subscriber.onError(new IOException("the image would be sent twice"));
    }
  }

  private synchronized boolean isFirst() {
    boolean first = !subscribed;
    subscribed = true;
    return first;
  }

  /**
   * The reply to a request with this body.
   *
   * @throws IOException the image could not be read, or has changed: whatever the device says of
   *     what it has got, it is not the image
   */
  Reply sent(DeviceLink.Try request) throws IOException, InterruptedException {
    try {
      Reply reply = request.reply();
      throwTrouble();
      return reply;
    } catch (DeviceLink.ExchangeException e) {
      throwTrouble();
      throw e;
    }
  }

  private synchronized void throwTrouble() throws IOException {
    if (trouble.isPresent()) {
      throw trouble.get();
    }
  }

  /** Nothing more is sent after this. */
  @Override
  public synchronized void close() {
    over = true;
    try {
      content.close();
    } catch (IOException e) {
      // Nothing was written, so nothing is lost, least of all the device's answer.
    }
  }

  private synchronized byte[] read() throws IOException {
    try {
      return over ? new byte[0] : content.readNBytes(PIECE);
    } catch (IOException e) {
      trouble = Optional.of(e);
      throw e;
    }
  }

  private synchronized boolean isOver() {
    return over;
  }

  /** Sends as many pieces as were asked for, one after the other, whoever asks meanwhile. */
  private final class Sending implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private long wanted;
    private boolean busy;

    private Sending(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long count) {
      if (ask(count)) {
        while (mayGoOn()) {
          sendPiece();
        }
      }
    }

    /** Whether the caller is the one to send. */
    private synchronized boolean ask(long count) {
      wanted += Math.min(count, Long.MAX_VALUE - wanted);
      boolean idle = !busy;
      busy = true;
      return idle;
    }

    private synchronized boolean mayGoOn() {
      busy = wanted > 0 && !isOver();
      wanted--;
      if (!busy) {
        wanted = 0;
      }
      return busy;
    }

    private void sendPiece() {
      try {
        byte[] piece = read();
        if (piece.length > 0) {
          transfer.taken(piece.length);
          subscriber.onNext(ByteBuffer.wrap(piece));
        } else if (!isOver()) {
          close();
          transfer.allTaken();
          subscriber.onComplete();
        }
      } catch (IOException e) {
        close();
        subscriber.onError(e);
      }
    }

    @Override
    public void cancel() {
      close();
    }
  }
}
