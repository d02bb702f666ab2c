package io.github.childconnector.adapter.drogue.device;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Frames of 1024 bytes, whose ends are not cleared: what the frame before had there is still there.
 * A device that reads less than a frame at a time takes what it got for a whole one.
 */
final class FrameWay implements Way {
  static final int LENGTH = 1024;
  private static final int IDLE_MILLIS = 100;

  private final InputStream in;
  private final OutputStream out;
  private final AutoCloseable end;
  private final int most;
  private final byte[] sent = new byte[LENGTH];
  private final byte[] received = new byte[LENGTH];

  private FrameWay(InputStream in, OutputStream out, AutoCloseable end, int most) {
    this.in = in;
    this.out = out;
    this.end = end;
    this.most = most;
  }

  static FrameWay accept(ServerSocket listening, int most) throws IOException {
    Socket socket = listening.accept();
    socket.setSoTimeout(IDLE_MILLIS);
    socket.setTcpNoDelay(true);
    return new FrameWay(socket.getInputStream(), socket.getOutputStream(), socket, most);
  }

  static FrameWay open(Path device, int most) throws IOException, InterruptedException {
    FileInputStream in = new FileInputStream(device.toFile());
    FileOutputStream out = new FileOutputStream(device.toFile(), true);
    // A read ends after 0.1 s without a byte.
    new ProcessBuilder("stty", "-F", device.toString(), "raw", "-echo", "min", "0", "time", "1")
        .inheritIO()
        .start()
        .waitFor();
    return new FrameWay(
        in,
        out,
        () -> {
          in.close();
          out.close();
        },
        most);
  }

  @Override
  public void send(byte[] status) throws IOException {
    System.arraycopy(status, 0, sent, 0, status.length);
    out.write(sent);
  }

  @Override
  public Optional<byte[]> receive(Duration limit) throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    int have = 0;
    while (have < most && System.nanoTime() - end < 0) {
      int length = read(have);
      have += length;
      if (length > 0 && most < LENGTH) {
        return Optional.of(received.clone());
      }
    }
    return have == LENGTH ? Optional.of(received.clone()) : Optional.empty();
  }

  /** 0 if nothing comes for a while. */
  private int read(int at) throws IOException {
    long begin = System.nanoTime();
    try {
      int length = in.read(received, at, most - at);
      // A terminal says so both when nothing came, and when it is gone.
      if (length < 0 && System.nanoTime() - begin < IDLE_MILLIS * 500_000L) {
        throw new EOFException();
      }
      return Math.max(0, length);
    } catch (SocketTimeoutException e) {
      return 0;
    }
  }

  @Override
  public void drain() throws IOException {
    // One that reads pieces never looks for the rest of what it read.
    if (most == LENGTH) {
      in.skipNBytes(in.available());
    }
  }

  @Override
  public void close() throws IOException {
    try {
      end.close();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }
}
