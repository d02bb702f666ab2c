package io.github.childconnector.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/**
 * The other side of a test: publishes, and remembers what others publish, in order. It connects
 * once; after a restart of the broker a new one is needed.
 *
 * <p>It speaks just enough MQTT 3.1.1 by itself, because a library takes a third of a second to
 * connect, and because two ends with the same faults would not notice them.
 */
@NullMarked
public final class RecordingClient implements AutoCloseable {
  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;

  private final Socket socket;
  private final DataOutputStream out;
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
  private volatile boolean acknowledging = true;

  /**
   * One message as it arrived.
   *
   * @param arrived when, by {@link System#nanoTime}
   */
  public record Message(String topic, String text, boolean retained, int qos, long arrived) {}

  private RecordingClient(Socket socket) throws IOException {
    this.socket = socket;
    this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    socket.setTcpNoDelay(true);
  }

  /** Connects to 127.0.0.1 with a name of its own. */
  public static RecordingClient connect(int port) throws IOException {
    return connect(port, string("recording-" + UUID.randomUUID()), 0x02);
  }

  /** Connects as a user. */
  public static RecordingClient connect(int port, String user, String password) throws IOException {
    byte[] identity =
        join(string("recording-" + UUID.randomUUID()), string(user), string(password));
    return connect(port, identity, 0xc2);
  }

  /** Takes over the name and the session of another client, and acknowledges nothing. */
  public static RecordingClient rivalOf(String clientId, int port) throws IOException {
    return connect(port, string(clientId), 0x00, false);
  }

  /** Connects as a client for which the broker keeps what was published meanwhile. */
  public static RecordingClient resume(int port, String clientId) throws IOException {
    return connect(port, string(clientId), 0x00, true);
  }

  /** Makes the broker keep for a client what is published to {@code filters} until it comes. */
  public static void leaveSession(int port, String clientId, List<String> filters)
      throws IOException {
    try (RecordingClient client = rivalOf(clientId, port)) {
      for (String filter : filters) {
        client.record(filter);
      }
    }
  }

  private static RecordingClient connect(int port, byte[] identity, int flags) throws IOException {
    return connect(port, identity, flags, true);
  }

  private static RecordingClient connect(
      int port, byte[] identity, int flags, boolean acknowledging) throws IOException {
    RecordingClient client =
        new RecordingClient(new Socket(InetAddress.getLoopbackAddress(), port));
    client.acknowledging = acknowledging;
    Thread reader = new Thread(client::read, "recording-client");
    reader.setDaemon(true);
    reader.start();
    byte[] noKeepAlive = {4, (byte) flags, 0, 0};
    byte[] connack = client.ask(0x10, join(string("MQTT"), noKeepAlive, identity));
    if (connack[1] != 0) {
      throw new IOException("the broker refuses the test client with code " + connack[1]);
    }
    return client;
  }

  /** Remembers from now on what is published to {@code filter}, and what is retained there. */
  public RecordingClient record(String filter) throws IOException {
    byte[] qos = {1};
    ask(0x82, join(packetId(), string(filter), qos));
    return this;
  }

  /** Publishes with QoS 1, not retained; returns when the broker has it. */
  public void publish(String topic, String text) throws IOException {
    publish(topic, text.getBytes(UTF_8), false);
  }

  /** Publishes with QoS 1, retained; an empty text removes what was retained. */
  public void retain(String topic, String text) throws IOException {
    publish(topic, text.getBytes(UTF_8), true);
  }

  /** Publishes any bytes with QoS 1; returns when the broker has them. */
  public void publish(String topic, byte[] payload, boolean retained) throws IOException {
    ask(retained ? 0x33 : 0x32, join(string(topic), packetId(), payload));
  }

  /** All that was remembered so far. */
  public List<Message> messages() {
    return List.copyOf(messages);
  }

  /** The texts that were published to {@code topic} so far. */
  public List<String> texts(String topic) {
    return messages.stream()
        .filter(message -> message.topic().equals(topic))
        .map(Message::text)
        .toList();
  }

  /** Returns the texts of {@code topic} once there are at least {@code count}. */
  public List<String> awaitTexts(String topic, int count) {
    awaitUntil(all -> texts(topic).size() >= count);
    return texts(topic);
  }

  /**
   * Returns once what was remembered fulfils {@code condition}; fails if that takes far too long.
   */
  public void awaitUntil(Predicate<List<Message>> condition) {
    await("the expected messages")
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(this::messages, condition);
  }

  /** Ends the connection without a word, if it has not ended yet. */
  public void hangUp() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    send(0xe0, new byte[0]);
    socket.close();
  }

  // One question at a time, so that the next answer is its own and one packet id is enough.
  private synchronized byte[] ask(int head, byte[] body) throws IOException {
    send(head, body);
    try {
      byte[] answer = answers.poll(60, TimeUnit.SECONDS);
      if (answer == null) {
        throw new IOException("the broker does not answer the test client");
      }
      return answer;
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private void send(int head, byte[] body) throws IOException {
    synchronized (out) {
      out.write(head);
      int rest = body.length;
      while (rest > 0x7f) {
        out.write((rest & 0x7f) | 0x80);
        rest >>= 7;
      }
      out.write(rest);
      out.write(body);
      out.flush();
    }
  }

  private void read() {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int head = in.readUnsignedByte();
        byte[] body = in.readNBytes(MqttPackets.length(in));
        if (head >> 4 == PUBLISH) {
          remember(head, ByteBuffer.wrap(body));
        } else if (head >> 4 >= CONNACK) {
          answers.add(body);
        }
      }
    } catch (IOException e) {
      // The broker or the test has closed the connection.
    }
  }

  private void remember(int head, ByteBuffer body) throws IOException {
    byte[] topic = new byte[body.getShort()];
    body.get(topic);
    int qos = (head >> 1) & 3;
    byte[] id = new byte[qos == 0 ? 0 : 2];
    body.get(id);
    byte[] payload = new byte[body.remaining()];
    body.get(payload);
    String text = new String(payload, UTF_8);
    long now = System.nanoTime();
    messages.add(new Message(new String(topic, UTF_8), text, (head & 1) == 1, qos, now));
    if (qos > 0 && acknowledging) {
      send(0x40, id);
    }
  }

  private static byte[] packetId() {
    return new byte[] {0, 1};
  }

  private static byte[] string(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return join(new byte[] {(byte) (bytes.length >> 8), (byte) bytes.length}, bytes);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }
}
