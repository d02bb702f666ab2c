package io.github.childconnector.mqtt;

import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullMarked;

/** A peer that answers each kind of MQTT packet with prescribed bytes, for what no broker does. */
@NullMarked
public final class ScriptedBroker implements AutoCloseable {
  /** A type of packet. */
  public static final int CONNECT = 1;

  static final int PUBLISH = 3;

  /** A type of packet. */
  public static final int SUBSCRIBE = 8;

  static final int DISCONNECT = 14;

  /** CONNACK, accepted. */
  public static final String ACCEPTED = "20 03 00 00 00";

  /** Instead of an answer: the connection is closed. */
  static final String HANG_UP = "";

  private static final Queue<String> NOTHING = new ConcurrentLinkedQueue<>();

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Map<Integer, Queue<String>> answers = new ConcurrentHashMap<>();
  private final Map<Integer, CountDownLatch> held = new ConcurrentHashMap<>();
  private final List<Integer> packets = new CopyOnWriteArrayList<>();

  private ScriptedBroker(Map<Integer, String> answers) throws IOException {
    answers.forEach(this::answer);
  }

  /**
   * Starts it.
   *
   * @param answers by packet type: bytes in hexadecimal, or {@link #HANG_UP}; the packet id may be
   *     given as {@code id}; nothing is sent for other types
   */
  public static ScriptedBroker answering(Map<Integer, String> answers) throws IOException {
    ScriptedBroker broker = new ScriptedBroker(answers);
    spawn(broker::accept);
    return broker;
  }

  /** Answers a type of packet with these bytes, one after the other, and with the last for good. */
  public final void answer(int type, String... inOrder) {
    answers.put(type, new ConcurrentLinkedQueue<>(List.of(inOrder)));
  }

  /** Answers no packet of this type until the latch is open. */
  CountDownLatch hold(int type) {
    CountDownLatch latch = new CountDownLatch(1);
    held.put(type, latch);
    return latch;
  }

  private String next(int type) {
    Queue<String> left = answers.getOrDefault(type, NOTHING);
    String answer = left.size() > 1 ? left.poll() : left.peek();
    return answer == null ? "none" : answer;
  }

  /** How a connector would be told of it. */
  public MqttSettings settings(String clientId) {
    return new MqttSettings(
        "127.0.0.1", server.getLocalPort(), clientId, Optional.empty(), Optional.empty(), true);
  }

  /** Returns once {@code count} clients have said CONNECT. */
  void awaitConnections(int count) {
    awaitPackets(CONNECT, count);
  }

  /** Returns once {@code count} packets of a type have arrived. */
  void awaitPackets(int type, int count) {
    await(count + " packets of type " + type)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Collections.frequency(packets, type) >= count);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        spawn(() -> talk(socket));
      }
    } catch (IOException e) {
      // Closed: the end.
    }
  }

  private void talk(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        int type = in.readUnsignedByte() >> 4;
        byte[] body = in.readNBytes(MqttPackets.length(in));
        packets.add(type);
        if (held.containsKey(type)) {
          held.get(type).await();
        }
        String answer = next(type);
        if (answer.equals(HANG_UP)) {
          return;
        }
        if (!answer.equals("none")) {
          out.write(bytes(answer, id(type, body)));
        }
      }
    } catch (IOException | InterruptedException e) {
      // The other side has gone.
    }
  }

  private static String id(int type, byte[] body) {
    // Behind the topic, which is short here.
    int at = type == PUBLISH ? 2 + Byte.toUnsignedInt(body[1]) : 0;
    return HexFormat.of().formatHex(body, at, at + 2);
  }

  private static byte[] bytes(String answer, String id) {
    return HexFormat.of().parseHex(answer.replace("id", id).replace(" ", ""));
  }

  private static void spawn(Runnable work) {
    Thread thread = new Thread(work, "scripted-broker");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
