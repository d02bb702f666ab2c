package io.github.childconnector.adapter.endpoint;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.github.childconnector.clock.MonotonicClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * The open connections of all servers of a family, of which strangers can make as many as they
 * like: no more than the bounds allow, whoever asks for something before whoever does not, and no
 * address at the expense of the others. Safe for threads.
 */
public final class Connections {
  /**
   * Each has a descriptor, a thread and some memory for TLS. With two families that have servers
   * this is half of the 512 threads that the service may have, a fraction of its descriptors, and
   * twice as many as a thousand devices need that poll every 45 seconds.
   */
  static final int MOST = 128;

  /** Devices behind one router share an address; a few addresses must not fill the server. */
  static final int MOST_OF_ADDRESS = 32;

  /** How long a request may be on its way before it yields to another of the same address. */
  static final Duration PROMPT = Duration.ofSeconds(1);

  private static final String TOO_MANY =
      "there may be %d at a time, and %d of one address".formatted(MOST, MOST_OF_ADDRESS);

  private static final Duration IDLE = Duration.ofSeconds(10);

  private final MonotonicClock clock;
  private final ExecutorService threads;
  private final Map<Connection, Seat> open = new LinkedHashMap<>();

  /** A connection, which is served when it is run; its closing breaks that off. */
  interface Connection extends Runnable {
    /** The address that it comes from. */
    InetAddress from();

    /** Whether it is one of this server. */
    boolean isOf(DeviceServer server);

    /** Ends it at once. */
    void close();

    /**
     * Ends it at once for the sake of others, or of another.
     *
     * @param why as the end of a sentence
     */
    void yieldTo(String why);
  }

  /** The states of a connection: those in the first ones yield first. */
  private enum State {
    /** Nothing has come, or nothing since the last answer. */
    WAITING,
    /** A request has begun to come, or a TLS handshake has. */
    ASKING,
    /** A request has come and is being answered. */
    ANSWERED
  }

  private record Seat(State state, long since) {}

  /**
   * Has none yet.
   *
   * @param name of the threads on which they are served, which end where there is nothing to serve
   */
  public Connections(String name, MonotonicClock clock) {
    this.clock = clock;
    this.threads = clock.threads().daemonPool(name, MOST, IDLE);
  }

  /** Takes a connection in and has it served; closes another for it, or this one itself. */
  void admit(Connection next) {
    Optional<Connection> yielding = exchange(next);
    yielding.ifPresent(each -> each.yieldTo(TOO_MANY));
    if (yielding.filter(next::equals).isEmpty()) {
      threads.execute(next);
    }
  }

  /** Takes a connection in; returns the one that is out in return, which may be this one itself. */
  private synchronized Optional<Connection> exchange(Connection next) {
    boolean isAlone = countOf(next.from()) < MOST_OF_ADDRESS;
    if (isAlone && open.size() < MOST) {
      put(next, State.WAITING);
      return Optional.empty();
    }
    Optional<Connection> yielding = yielding(next, !isAlone);
    if (yielding.isPresent()) {
      open.remove(yielding.get());
      put(next, State.WAITING);
    }
    return yielding.or(() -> Optional.of(next));
  }

  private Optional<Connection> yielding(Connection next, boolean isOfSameAddress) {
    Map<InetAddress, Long> shares =
        open.keySet().stream().collect(groupingBy(Connection::from, counting()));
    long own = shares.getOrDefault(next.from(), 0L);
    return open.keySet().stream()
        .filter(each -> !isOfSameAddress || each.from().equals(next.from()))
        .filter(each -> yields(each, shares.getOrDefault(each.from(), 0L) > own))
        .min(
            Comparator.comparing((Connection each) -> seat(each).state())
                .thenComparing(each -> -shares.getOrDefault(each.from(), 0L))
                .thenComparing(each -> -age(each)));
  }

  private boolean yields(Connection each, boolean isOfMany) {
    State state = seat(each).state();
    boolean isLate = age(each) >= PROMPT.toNanos();
    return state == State.WAITING || (state == State.ASKING && (isOfMany || isLate));
  }

  private Seat seat(Connection each) {
    return Optional.ofNullable(open.get(each)).orElseThrow();
  }

  private long age(Connection each) {
    return clock.nanoTime() - seat(each).since();
  }

  private long countOf(InetAddress address) {
    return open.keySet().stream().filter(each -> each.from().equals(address)).count();
  }

  private void put(Connection each, State state) {
    open.put(each, new Seat(state, clock.nanoTime()));
  }

  private synchronized void move(Connection each, State state) {
    if (open.containsKey(each)) {
      put(each, state);
    }
  }

  /** Notes that something has come on it. */
  void asking(Connection each) {
    move(each, State.ASKING);
  }

  /** Notes that a whole request has come on it. */
  void answered(Connection each) {
    move(each, State.ANSWERED);
  }

  /** Notes that the next request is awaited on it. */
  void waiting(Connection each) {
    move(each, State.WAITING);
  }

  /** Forgets one that has ended. */
  synchronized void remove(Connection ended) {
    open.remove(ended);
  }

  /** The number of those that are open. */
  synchronized int count() {
    return open.size();
  }

  /** Closes all of one server. */
  void close(DeviceServer server) {
    List<Connection> its;
    synchronized (this) {
      its = open.keySet().stream().filter(each -> each.isOf(server)).toList();
      its.forEach(open::remove);
    }
    its.forEach(Connection::close);
  }
}
