package io.github.childconnector.mqtt;

import io.github.childconnector.clock.Threads;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lets the broker's packets through whole, no more of them than there is room for, and none that is
 * larger than the CONNECT has asked for: the library would make room for whatever length is
 * written, and then end the process.
 *
 * <p>It also recognises a peer that is no broker for MQTT 5 by its first bytes:
 *
 * <pre>
 * 20 03 00 00 00          CONNACK of MQTT 5: flags, reason, length of properties
 * 20 02 00 01             CONNACK of MQTT 3.1.1, which has no properties
 * 15 03 03 00 02 02 46    a TLS alert
 * 48 54 54 50 2f 31 2e    HTTP/1.
 * </pre>
 */
final class PacketGate extends InputStream {
  private static final int CONNACK = 2;
  private static final int PUBLISH = 3;
  private static final int MOST_LENGTH_BYTES = 4;
  private static final int TLS_ALERT = 0x15;

  /** The bytes of a CONNACK without properties, which only brokers before MQTT 5 send. */
  private static final int SHORT_CONNACK = 2;

  /**
   * The most messages that are taken in before one is acknowledged, however small: nothing more is
   * read then. Mosquitto 2.0.11 was seen to send at once all that it had kept, many times what was
   * asked for; up to 1,000 by default (its {@code max_queued_messages}), which pass without a stop.
   */
  static final int MOST_MESSAGES = 1200;

  private final InputStream in;
  private final long largest;
  private final long mostBytes;
  private final Threads threads;
  private final Map<Integer, Integer> unacknowledged = new HashMap<>();
  private long bytes;
  private byte[] packet = {};
  private int at;
  private boolean greeted;
  private boolean isOver;

  /**
   * A gate for what the broker sends.
   *
   * @param largest bytes of a packet
   * @param mostBytes bytes of all messages that are not acknowledged, beyond which no more is read
   */
  PacketGate(InputStream in, long largest, long mostBytes, Threads threads) {
    this.in = in;
    this.largest = largest;
    this.mostBytes = mostBytes;
    this.threads = threads;
  }

  /** Makes room for others: the message with this packet id is acknowledged. */
  synchronized void acknowledged(int id) {
    bytes -= Optional.ofNullable(unacknowledged.remove(id)).orElse(0);
    threads.wake(this);
  }

  private synchronized void expect(int id, int size) {
    bytes += size - Optional.ofNullable(unacknowledged.put(id, size)).orElse(0);
  }

  /** Holds the broker up while as much as there is room for waits to be acknowledged. */
  private synchronized void awaitRoom() throws InterruptedIOException {
    try {
      while (!isOver && (bytes >= mostBytes || unacknowledged.size() >= MOST_MESSAGES)) {
        threads.await(this);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException();
    }
  }

  /** Holds nobody up any more: the connection is over. */
  synchronized void open() {
    isOver = true;
    threads.wake(this);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (at == packet.length && !next()) {
      return -1;
    }
    int count = Math.min(length, packet.length - at);
    System.arraycopy(packet, at, bytes, offset, count);
    at += count;
    return count;
  }

  /** Takes the next packet in, once it is known how long it is; false at the end. */
  private boolean next() throws IOException {
    awaitRoom();
    int first = in.read();
    if (first < 0) {
      return false;
    }
    if (!greeted) {
      requireBroker(first);
    }
    byte[] head = new byte[1 + MOST_LENGTH_BYTES];
    head[0] = (byte) first;
    int used = 1;
    do {
      head[used] = (byte) rest();
      used++;
    } while (head[used - 1] < 0 && used < head.length);
    int length = number(head, 1);
    if (used + (long) length > largest) {
      throw new BrokenPromiseException(
          "a packet of %d bytes, although we take at most %d".formatted(used + length, largest));
    }
    packet = Arrays.copyOf(head, used + length);
    if (in.readNBytes(packet, used, length) < length) {
      throw new EOFException();
    }
    at = 0;
    check(used);
    return true;
  }

  private int rest() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException();
    }
    return next;
  }

  private void requireBroker(int first) throws IOException {
    if (first == 'H') {
      throw new ForeignPeerException(Peer.HTTP);
    }
    if (first == TLS_ALERT) {
      throw new ForeignPeerException(Peer.TLS);
    }
    if (first >> 4 != CONNACK) {
      throw new ForeignPeerException(Peer.UNKNOWN);
    }
  }

  private void check(int head) throws IOException {
    int type = Byte.toUnsignedInt(packet[0]) >> 4;
    if (!greeted && packet.length - head == SHORT_CONNACK) {
      throw new ForeignPeerException(Peer.OLD_BROKER);
    }
    greeted = true;
    int properties = properties(type, head);
    if (properties < packet.length && number(packet, properties) > packet.length - properties - 1) {
      throw new BrokenPromiseException("properties that are longer than their packet");
    }
    if (type == PUBLISH && (packet[0] & 6) != 0 && properties >= head + 2) {
      expect(pair(properties - 2), packet.length);
    }
  }

  /** The place of the length of a packet's properties; the packet's end where it has none. */
  private int properties(int type, int head) {
    int behind =
        switch (type) {
          case CONNACK, 9, 11 -> head + 2;
          case PUBLISH -> head + 2 + topicLength(head) + ((packet[0] & 6) == 0 ? 0 : 2);
          case 4, 5, 6, 7 -> head + 3;
          case 14, 15 -> head + 1;
          default -> packet.length;
        };
    return Math.min(behind, packet.length);
  }

  private int topicLength(int head) {
    return packet.length < head + 2 ? packet.length : pair(head);
  }

  private int pair(int from) {
    return Byte.toUnsignedInt(packet[from]) << 8 | Byte.toUnsignedInt(packet[from + 1]);
  }

  /** The number of up to four bytes, seven bits each, the lowest first, as lengths are written. */
  private static int number(byte[] bytes, int from) {
    int number = 0;
    int shift = 0;
    for (int i = from; i < bytes.length && shift < 7 * MOST_LENGTH_BYTES; i++) {
      number |= (bytes[i] & 0x7f) << shift;
      shift += 7;
      if (bytes[i] >= 0) {
        break;
      }
    }
    return number;
  }

  /** The peers that answer where a broker for MQTT 5 was expected. */
  enum Peer {
    OLD_BROKER,
    HTTP,
    TLS,
    UNKNOWN
  }

  /** The peer is no broker for MQTT 5. */
  static final class ForeignPeerException extends IOException {
    private static final long serialVersionUID = 1L;
    private final Peer peer;

    ForeignPeerException(Peer peer) {
      super("the answer is not that of a broker for MQTT 5");
      this.peer = peer;
    }

    Peer peer() {
      return peer;
    }
  }

  /** The broker has sent what the CONNECT forbids; the message says what. */
  static final class BrokenPromiseException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenPromiseException(String what) {
      super(what);
    }
  }
}
