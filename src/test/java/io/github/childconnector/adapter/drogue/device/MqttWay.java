package io.github.childconnector.adapter.drogue.device;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A gateway of Drogue devices, as far as one of them sees it: MQTT 3.1.1 with QoS 0, statuses to
 * {@code dfu/<device>}, commands from {@code command/inbox/<device>/dfu}.
 */
final class MqttWay implements Way {
  private static final int PUBLISH = 3;
  private static final int SUBACK = 9;
  private static final int CONNECT_MILLIS = 5000;

  private final String name;
  private final Socket socket;
  private final BlockingQueue<byte[]> commands = new LinkedBlockingQueue<>();

  MqttWay(int port, String name) throws IOException {
    this.name = name;
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(CONNECT_MILLIS);
    byte[] cleanAndNoKeepAlive = {4, 2, 0, 0};
    byte[] packetId = {0, 1};
    byte[] qos = {0};
    write(0x10, string("MQTT"), cleanAndNoKeepAlive, string("drogue-" + name));
    write(0x82, packetId, string("command/inbox/" + name + "/#"), qos);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    while (next(in) != SUBACK) {
      // The broker accepts first.
    }
    socket.setSoTimeout(0);
    Thread reader = new Thread(() -> read(in), "drogue-mqtt-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  private void read(DataInputStream in) {
    try {
      while (true) {
        next(in);
      }
    } catch (IOException e) {
      // Closed, here or there; the next status cannot be sent.
    }
  }

  private int next(DataInputStream in) throws IOException {
    int head = in.readUnsignedByte();
    byte[] body = in.readNBytes(length(in));
    if (head >> 4 == PUBLISH) {
      ByteBuffer message = ByteBuffer.wrap(body);
      message.position(2 + message.getShort());
      byte[] command = new byte[message.remaining()];
      message.get(command);
      commands.add(command);
    }
    return head >> 4;
  }

  private static int length(DataInputStream in) throws IOException {
    int length = 0;
    int shift = 0;
    int next;
    do {
      next = in.readUnsignedByte();
      length |= (next & 0x7F) << shift;
      shift += 7;
    } while (next > 0x7F);
    return length;
  }

  @Override
  public void send(byte[] status) throws IOException {
    write(0x30, string("dfu/" + name), status);
  }

  @Override
  public Optional<byte[]> receive(Duration limit) throws IOException, InterruptedException {
    if (socket.isClosed()) {
      throw new SocketTimeoutException("closed");
    }
    return Optional.ofNullable(commands.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public void drain() {
    commands.clear();
  }

  private void write(int head, byte[]... parts) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(head);
    int rest = body.size();
    while (rest > 0x7F) {
      packet.write((rest & 0x7F) | 0x80);
      rest >>= 7;
    }
    packet.write(rest);
    packet.writeBytes(body.toByteArray());
    socket.getOutputStream().write(packet.toByteArray());
  }

  private static byte[] string(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return ByteBuffer.allocate(2 + bytes.length).putShort((short) bytes.length).put(bytes).array();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
