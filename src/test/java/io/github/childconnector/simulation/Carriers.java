package io.github.childconnector.simulation;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The threads of the operating system on which strands run, to be used again and again. */
final class Carriers implements AutoCloseable {
  private final Deque<Carrier> idle = new ConcurrentLinkedDeque<>();
  private final Deque<Carrier> all = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /** A thread for this strand, which begins when the strand may go on. */
  Carrier carry(Strand strand) {
    Carrier carrier = idle.poll();
    if (carrier == null) {
      carrier = new Carrier();
      all.add(carrier);
      carrier.start();
    }
    carrier.next = strand;
    return carrier;
  }

  /** Ends those that carry nothing. */
  @Override
  public void close() {
    closed = true;
    all.forEach(LockSupport::unpark);
  }

  /** One of them. */
  final class Carrier extends Thread {
    private volatile @Nullable Strand next;
    private volatile @Nullable Strand carried;

    private Carrier() {
      super("carrier");
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!closed) {
        Strand mine = next;
        if (mine != null && mine.isGranted()) {
          next = null;
          carried = mine;
          mine.run();
        } else {
          LockSupport.park(this);
        }
      }
    }

    /** Its strand has logged an error. */
    void report(String error, @Nullable Throwable cause) {
      Strand mine = carried;
      if (mine != null) {
        mine.report(error, cause);
      }
    }

    /** Carries no more what it has carried. */
    void free() {
      Thread.interrupted();
      carried = null;
      idle.push(this);
    }

    /** Interrupts itself; the strand of another learns of it when it goes on. */
    @Override
    public void interrupt() {
      Strand mine = carried;
      if (Thread.currentThread() == this || mine == null) {
        super.interrupt();
      } else {
        mine.interrupt();
      }
    }
  }
}
