package io.github.childconnector.mqtt;

import io.github.childconnector.clock.Backoff;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import io.github.childconnector.mqtt.PahoConnection.Peer;
import io.github.childconnector.mqtt.PahoSubscriber.Subscriptions;
import io.github.childconnector.tls.LeftOut;
import io.github.childconnector.tls.TlsContext;
import io.github.childconnector.tls.TlsSettings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A link by the Eclipse Paho client for MQTT 5. One thread connects, and again after every loss,
 * with growing pauses of 1 s to 60 s; each connection is a {@link PahoConnection} of its own.
 */
public final class PahoLink implements MqttLink {
  private static final System.Logger LOG = System.getLogger(PahoLink.class.getName());

  /** The number of connections lost early, one after the other, that is no accident. */
  private static final int SUSPICIOUS = 3;

  private final MqttSettings settings;
  private final MonotonicClock clock;
  private final LinkTimings timings;
  private final Backoff backoff;
  private final Diagnosis diagnosis;
  private final LeftOut leftOut = new LeftOut();
  private volatile Subscriptions subscriptions = Subscriptions.NONE;
  private volatile Optional<Threads.Worker> connecting = Optional.empty();
  private volatile Optional<ListenerThread> delivering = Optional.empty();
  private volatile Optional<PahoConnection> current = Optional.empty();
  private int lostEarly;

  /** Whether the broker has a session of ours, as far as we know. */
  private volatile boolean sessionExpected;

  // The library swallows an interrupt while it disconnects.
  private volatile boolean closed;

  /** A link to the broker of {@code settings}; nothing happens before {@link #start}. */
  public PahoLink(MqttSettings settings, MonotonicClock clock, RandomGenerator random) {
    this(settings, clock, random, LinkTimings.usual());
  }

  PahoLink(
      MqttSettings settings, MonotonicClock clock, RandomGenerator random, LinkTimings timings) {
    this.settings = settings;
    this.clock = clock;
    this.timings = timings;
    this.backoff = new Backoff(timings.firstPause(), timings.longestPause(), random);
    this.diagnosis = new Diagnosis(settings);
  }

  @Override
  public synchronized void drop(Set<String> filters) {
    subscriptions = subscriptions.dropping(filters);
    sessionExpected |= !filters.isEmpty();
  }

  @Override
  public synchronized void subscribe(Set<String> filters) {
    subscriptions = subscriptions.changedTo(filters);
    current.ifPresent(PahoConnection::wake);
  }

  @Override
  public synchronized void start(Set<String> filters, Listener listener) {
    if (connecting.isPresent()) {
      throw new IllegalStateException("the link was started before");
    }
    subscribe(filters);
    ListenerThread delivery = new ListenerThread(listener, clock.threads());
    Threads.Worker link = clock.threads().daemon("mqtt-link", () -> stayConnected(delivery));
    delivering = Optional.of(delivery);
    connecting = Optional.of(link);
    delivery.start();
    link.start();
  }

  private void stayConnected(ListenerThread delivery) {
    try {
      String why = connectOnce(delivery);
      while (!closed) {
        delivery.down(why);
        clock.sleep(backoff.next());
        why = connectOnce(delivery);
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "The link is closed");
    }
  }

  /** Returns why the connection could not be made, or why it ended. */
  private String connectOnce(ListenerThread delivery) throws InterruptedException {
    try (PahoConnection connection =
        new PahoConnection(peer(), timings, clock, delivery::received)) {
      return serve(connection, delivery);
    } catch (IOException e) {
      lostEarly = 0;
      return String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "Connecting failed in an unforeseen way, please report this", e);
      return "connecting to the broker at %s failed in an unforeseen way: %s"
          .formatted(settings.address(), e);
    } finally {
      // Also where messages came before the broker's answer was taken in.
      delivery.lost();
    }
  }

  /** Reads the files anew, so that a renewed certificate needs no restart. */
  private Peer peer() throws IOException {
    Optional<TlsSettings> tls = settings.tls();
    return new Peer(
        settings,
        tls.isPresent() ? Optional.of(TlsContext.of(tls.get(), leftOut)) : Optional.empty());
  }

  /** Returns why a connection that was accepted ended; what could not be made is an exception. */
  private String serve(PahoConnection connection, ListenerThread delivery)
      throws IOException, InterruptedException {
    connection.connect(isKept -> resumed(isKept, delivery));
    // From here on: what the broker has kept is answered, and other subscriptions may be wanted.
    current = Optional.of(connection);
    long since = clock.nanoTime();
    try {
      return explain(untilLost(connection, delivery), since);
    } catch (IOException e) {
      return explain(String.valueOf(e.getMessage()), since);
    } finally {
      current = Optional.empty();
    }
  }

  private void resumed(boolean isKept, ListenerThread delivery) {
    delivery.connected(isKept);
    if (settings.session() && sessionExpected && !isKept) {
      LOG.log(Level.WARNING, "Note that {0}", diagnosis.forgotten());
    }
    sessionExpected = true;
  }

  /** Subscribes, again when other things are wanted, and at intervals to what is refused. */
  private String untilLost(PahoConnection connection, ListenerThread delivery)
      throws IOException, InterruptedException {
    Optional<String> loss = Optional.empty();
    Optional<String> told = Optional.empty();
    Optional<Subscriptions> made = Optional.empty();
    while (loss.isEmpty()) {
      Subscriptions wanted = subscriptions;
      boolean isNew = made.filter(wanted::equals).isEmpty();
      Optional<String> refusal =
          isNew ? connection.subscriber().subscribe(wanted) : connection.subscriber().retry();
      if (isNew || !refusal.equals(told)) {
        refusal.ifPresentOrElse(delivery::refused, delivery::up);
      }
      made = Optional.of(wanted);
      told = refusal;
      loss = connection.awaitLoss(refusal.map(why -> timings.refused()));
    }
    return loss.get();
  }

  private String explain(String why, long since) {
    if (clock.nanoTime() - since >= timings.stable().toNanos()) {
      backoff.reset();
      lostEarly = 0;
      return why;
    }
    lostEarly++;
    boolean silent = why.equals(diagnosis.broken());
    return silent && lostEarly >= SUSPICIOUS ? diagnosis.rivalry() : why;
  }

  @Override
  public boolean publish(String topic, byte[] payload)
      throws PublishException, InterruptedException {
    return connection().publisher().publish(topic, payload, false);
  }

  @Override
  public void publishRetained(String topic, byte[] payload)
      throws PublishException, InterruptedException {
    connection().publisher().publish(topic, payload, true);
  }

  private PahoConnection connection() throws PublishException {
    return current.orElseThrow(
        () ->
            new PublishException(
                "there is no connection to the broker at " + settings.address(), false));
  }

  int waiting() {
    return delivering.map(ListenerThread::waiting).orElse(0);
  }

  @Override
  public void close() {
    closed = true;
    connecting.ifPresent(Threads.Worker::interrupt);
    try {
      if (connecting.isPresent() && delivering.isPresent()) {
        // Two farewells: to the broker, and to the library.
        connecting.get().join(timings.farewell().multipliedBy(3));
        delivering.get().stop(timings.answer());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The times that a link waits.
   *
   * @param connect until the broker has accepted a connection
   * @param answer until it has acknowledged a subscription or a message
   * @param farewell until a connection is given up in order
   * @param firstPause before the second try to connect; doubled with each further one
   * @param longestPause up to this
   * @param stable after which a connection is taken for a success: shorter ones lengthen the pause,
   *     so that two clients with one id do not throw each other out once a second
   * @param keepAlive whole seconds of silence after which the broker is asked whether it is there
   * @param refused before a subscription that was refused is tried again
   */
  record LinkTimings(
      Duration connect,
      Duration answer,
      Duration farewell,
      Duration firstPause,
      Duration longestPause,
      Duration stable,
      Duration keepAlive,
      Duration refused) {

    /** The times of the daemon. */
    static LinkTimings usual() {
      return new LinkTimings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60));
    }
  }
}
