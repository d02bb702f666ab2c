package io.github.childconnector.mqtt;

import static java.util.stream.Collectors.toMap;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.SecretFile;
import io.github.childconnector.fault.LastingFault;
import io.github.childconnector.mqtt.PahoLink.LinkTimings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;

/**
 * A connection to the broker, from the attempt to its end. It is never connected twice: the library
 * does not recover from every loss, and a packet id of an old connection would acknowledge another
 * message on a new one.
 */
final class PahoConnection implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(PahoConnection.class.getName());

  // It prints a stack trace for each broken connection. A logger that nobody holds would forget
  // that it is off.
  private static final java.util.logging.Logger LIBRARY_LOG =
      java.util.logging.Logger.getLogger("org.eclipse.paho");

  // The library wants one, but the socket knows the broker.
  private static final String NO_ADDRESS = "tcp://127.0.0.1:1";

  /** A connector that stays away for longer is gone, and thin-edge has given up on its requests. */
  private static final long SESSION_SECONDS = Duration.ofDays(30).toSeconds();

  private final MqttSettings settings;
  private final LinkTimings timings;
  private final MonotonicClock clock;
  private final BiConsumer<Delivery, PahoAnswers> inbox;
  private final Diagnosis diagnosis;
  private final PahoAnswers answers;
  private final BrokerSocket socket;
  private final MqttConnectionOptions options;
  private final Pings pings;
  private final MqttAsyncClient client;
  private final PahoPublisher publisher;
  private final PahoSubscriber subscriber;
  private final CompletableFuture<Boolean> over = new CompletableFuture<>();

  /**
   * The broker to connect to, and whom to trust for that.
   *
   * @param tls made of the files as they are now; empty for plain TCP
   */
  record Peer(MqttSettings settings, Optional<SSLContext> tls) {}

  /**
   * Reads the password file that the settings name; nothing goes over the network yet.
   *
   * @param inbox told of each message, and of the connection it came by, by a thread of the
   *     library: must not block
   */
  PahoConnection(
      Peer peer, LinkTimings timings, MonotonicClock clock, BiConsumer<Delivery, PahoAnswers> inbox)
      throws IOException {
    LIBRARY_LOG.setLevel(java.util.logging.Level.OFF);
    this.settings = peer.settings();
    this.timings = timings;
    this.clock = clock;
    this.inbox = inbox;
    this.diagnosis = new Diagnosis(settings);
    this.answers = new PahoAnswers(clock, diagnosis);
    this.socket = new BrokerSocket(settings, peer.tls(), timings.connect(), clock.threads());
    this.options = options(settings, timings.keepAlive());
    this.pings = new Pings(clock);
    this.client = client(settings.clientId(), pings);
    this.publisher = new PahoPublisher(client, answers, diagnosis, timings.answer());
    this.subscriber = new PahoSubscriber(client, answers, diagnosis, timings.answer());
  }

  private static MqttAsyncClient client(String id, Pings pings) throws IOException {
    try {
      return new MqttAsyncClient(NO_ADDRESS, id, new MemoryPersistence(), pings, null);
    } catch (MqttException e) {
      throw new IOException("the MQTT library cannot be used: " + e, e);
    }
  }

  /** Reads the password file anew, so that a changed password needs no restart. */
  private static MqttConnectionOptions options(MqttSettings settings, Duration keepAlive)
      throws IOException {
    MqttConnectionOptions options = new MqttConnectionOptions();
    options.setAutomaticReconnect(false);
    options.setCleanStart(!settings.session());
    options.setSessionExpiryInterval(settings.session() ? SESSION_SECONDS : 0);
    options.setKeepAliveInterval(Math.toIntExact(keepAlive.toSeconds()));
    // Far above any request; a larger message stays with the broker. The library takes it for the
    // largest that it may send as well, and breaks the connection over one that is larger.
    options.setMaximumPacketSize(settings.largestMessage());
    options.setReceiveMaximum(BrokerSocket.MOST_UNACKNOWLEDGED);
    options.setUseSubscriptionIdentifiers(false);
    if (settings.login().isPresent()) {
      authenticate(options, settings, settings.login().get());
    }
    return options;
  }

  private static void authenticate(
      MqttConnectionOptions options, MqttSettings settings, MqttSettings.Login login)
      throws IOException {
    options.setUserName(login.username());
    if (login.passwordFile().isPresent()) {
      options.setPassword(password(login.passwordFile().get(), settings.key("password_file")));
    }
  }

  private static byte[] password(Path file, String key) throws IOException {
    try {
      return new SecretFile(file).read().getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IOException("%s; see %s".formatted(e.getMessage(), key), e);
    }
  }

  /**
   * Returns when the broker has accepted the connection.
   *
   * @param session told whether the broker has kept ours, and so delivers again what was not
   *     acknowledged; before anything else, because that is so even if we cannot serve by it
   */
  void connect(Consumer<Boolean> session) throws IOException, InterruptedException {
    try {
      IMqttToken connack = greet();
      // The library has taken over the broker's keep-alive, but measures the first pause by ours.
      pings.start();
      session.accept(connack.getSessionPresent());
      publisher.allow(connack.getResponseProperties(), settings.largestMessage());
    } catch (MqttException | IllegalArgumentException e) {
      throw answers.failure(e);
    }
  }

  private IMqttToken greet() throws IOException, InterruptedException, MqttException {
    client.setManualAcks(true);
    client.setCallback(new Events());
    options.setSocketFactory(socket.factory());
    PahoAnswers.Answer connack = answers.expectAcceptance(() -> over.complete(true));
    client.connect(options, null, connack);
    return answers.await(connack, timings.connect(), Diagnosis.CONNECT);
  }

  /** Returns why the connection is lost; empty if {@code limit} or {@link #wake} comes first. */
  Optional<String> awaitLoss(Optional<Duration> limit) throws InterruptedException {
    return answers.awaitLoss(limit);
  }

  /** Lets the one who awaits the loss look up. */
  void wake() {
    answers.wake();
  }

  PahoPublisher publisher() {
    return publisher;
  }

  PahoSubscriber subscriber() {
    return subscriber;
  }

  /** Says farewell to the broker if it is still there, and frees every thread of the library. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      if (answers.isAccepted() && !answers.isLost()) {
        sayFarewell();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    interrupted |= hangUp();
    freeClient();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void sayFarewell() throws InterruptedException {
    PahoAnswers.Answer gone = answers.expect();
    try {
      client.disconnect(0, null, gone, MqttReturnCode.RETURN_CODE_SUCCESS, new MqttProperties());
      answers.await(gone, timings.farewell(), "the farewell");
      over.complete(true);
    } catch (IOException | MqttException e) {
      LOG.log(Level.DEBUG, "A connection did not end in order", e);
    }
  }

  /**
   * Cuts the connection first, and lets the library come to its end by that: told to end while it
   * still starts its threads, it leaves some behind. Returns whether this thread was interrupted.
   */
  private boolean hangUp() {
    answers.lose("the link is closed");
    socket.cut();
    MonotonicClock.Timer timer = clock.schedule(timings.farewell(), () -> over.complete(false));
    try {
      clock.threads().await(over);
      return false;
    } catch (InterruptedException e) {
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      timer.cancel();
    }
  }

  private void freeClient() {
    try {
      if (!over.getNow(false)) {
        client.disconnectForcibly(0, 1, false);
      }
      client.close(true);
    } catch (MqttException | RuntimeException e) {
      LOG.log(Level.DEBUG, "The MQTT library did not close a connection in order", e);
    }
  }

  private Delivery delivery(String topic, MqttMessage message) {
    Map<String, String> properties =
        message.getProperties().getUserProperties().stream()
            .collect(toMap(UserProperty::getKey, UserProperty::getValue, (one, last) -> last));
    // Once only: the broker may have given the packet id to another message since.
    AtomicBoolean acknowledged = new AtomicBoolean();
    Runnable acknowledgement =
        () -> {
          if (!answers.isLost() && acknowledged.compareAndSet(false, true)) {
            acknowledge(message);
          }
        };
    return new Delivery(
        topic, message.getPayload(), properties, message.isRetained(), acknowledgement);
  }

  private void acknowledge(MqttMessage message) {
    try {
      socket.acknowledged(message.getId());
      client.messageArrivedComplete(message.getId(), message.getQos());
    } catch (MqttException | RuntimeException e) {
      LOG.log(Level.DEBUG, "An acknowledgement came too late for its connection", e);
    }
  }

  private final class Events implements MqttCallback {
    // What escapes from here is forgotten by the library, or ends one of its threads.
    @Override
    public void messageArrived(String topic, MqttMessage message) {
      try {
        inbox.accept(delivery(topic, message), answers);
      } catch (RuntimeException | Error e) {
        LastingFault.hand(e);
        answers.lose("a message could not be taken in: " + e);
      }
    }

    @Override
    public void disconnected(MqttDisconnectResponse response) {
      Optional.ofNullable(response.getException()).ifPresent(LastingFault::hand);
      answers.lose(
          Optional.ofNullable(response.getException())
              .map(answers::sentence)
              .orElseGet(() -> diagnosis.ended(response.getReturnCode())));
      over.complete(true);
    }

    @Override
    public void mqttErrorOccurred(MqttException exception) {
      LOG.log(Level.DEBUG, "The MQTT library complains", exception);
    }

    @Override
    public void deliveryComplete(IMqttToken token) {}

    @Override
    public void connectComplete(boolean reconnect, String uri) {}

    @Override
    public void authPacketArrived(int reasonCode, MqttProperties properties) {}
  }
}
