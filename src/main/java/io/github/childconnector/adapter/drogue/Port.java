package io.github.childconnector.adapter.drogue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.childconnector.adapter.endpoint.ListenAddress;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.fault.Sandbox;
import io.github.childconnector.net.Dialer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** The place where the line to a device begins; its text names it for people. */
interface Port {

  /**
   * Opens the line.
   *
   * @throws IOException it cannot be opened now; says what is wrong, and what to do
   */
  Line open(MonotonicClock clock) throws IOException, InterruptedException;

  /**
   * An open line to a device, on which bytes come and go.
   *
   * @param in the bytes that come; its {@code available} tells truly whether something has come
   * @param out takes a frame in one piece
   * @param end ends what another thread reads or writes
   */
  record Line(InputStream in, OutputStream out, Closeable end) implements Closeable {
    /** Closing again has no effect. */
    @Override
    public void close() {
      try {
        end.close();
      } catch (IOException e) {
        // There is nothing to be saved on a line that is given up.
      }
    }
  }

  /**
   * A device at a serial port of this machine, such as {@code /dev/serial/by-id/usb-…}.
   *
   * <p>It is set by stty and read by cat, which stand in every Debian, because Java cannot open a
   * terminal without making it the one that controls the daemon: unplugging it would then send the
   * daemon and its programs a hangup. Opening it for writing only does not.
   */
  record Serial(Path device, int baud) implements Port {

    /**
     * Opens it without waiting for a carrier, keeps others away who keep to such locks (picocom,
     * pyserial, a second connector), and says an empty line when bytes can come. The reader ends
     * with the thread that started it, also when the daemon is killed; the service may not ask for
     * that, and has systemd end it.
     */
    private static final String READER =
        "stty -F \"$1\" clocal && exec 0<\"$1\" "
            + "&& { flock -n 0 || { echo 'another program uses it' >&2; exit 1; }; } "
            + "&& stty \"$2\" raw clocal cread cs8 -parenb -cstopb -crtscts -hupcl -echo -iexten "
            + "&& echo && { setpriv --pdeathsig KILL true 2>/dev/null "
            + "&& exec setpriv --pdeathsig KILL cat; exec cat; }";

    private static final Duration OPENING = Duration.ofSeconds(10);
    private static final int WORDS = 300;

    @Override
    public Line open(MonotonicClock clock) throws IOException {
      if (!Files.exists(device)) {
        throw new IOException(
            "there is no such device; "
                + Sandbox.ofThisProcess()
                    .remedy(device.toString())
                    .orElse("plug it in, or correct drogue.device"));
      }
      Process reader =
          new ProcessBuilder("sh", "-c", READER, "sh", device.toString(), Integer.toString(baud))
              .start();
      try {
        awaitReady(reader, clock);
        FileChannel writer = FileChannel.open(device, StandardOpenOption.WRITE);
        return new Line(
            reader.getInputStream(), Channels.newOutputStream(writer), () -> end(reader, writer));
      } catch (AccessDeniedException e) {
        reader.destroyForcibly();
        throw new IOException(refused("Permission denied"), e);
      } catch (IOException | RuntimeException e) {
        reader.destroyForcibly();
        throw e;
      }
    }

    private void awaitReady(Process reader, MonotonicClock clock) throws IOException {
      MonotonicClock.Timer timer = clock.schedule(OPENING, reader::destroyForcibly);
      try {
        if (reader.getInputStream().read() < 0) {
          byte[] words = reader.getErrorStream().readNBytes(WORDS);
          throw new IOException(refused(new String(words, UTF_8).strip()));
        }
      } finally {
        timer.cancel();
      }
    }

    private String refused(String why) {
      if (why.contains("Permission denied")) {
        return "it may not be opened; let the service use serial ports (serial-ports.conf in the"
            + " examples), and its user be in the group of the device";
      }
      if (why.contains("another program uses it")) {
        return "another program uses it; stop that, or give this child a device of its own";
      }
      return why.isEmpty()
          ? "it could not be opened within " + OPENING.toSeconds() + " seconds"
          : "it cannot be set to "
              + baud
              + " baud ("
              + why
              + "); correct drogue.device or its baud";
    }

    private static void end(Process reader, FileChannel writer) throws IOException {
      reader.destroyForcibly();
      writer.close();
    }

    @Override
    public String toString() {
      return device.toString();
    }
  }

  /**
   * A device, or a serial server before it, that listens at {@code host:port}: {@code
   * 192.168.1.30:5000}, {@code [fe80::1]:5000}, {@code ser2net.local:5000}.
   */
  record Tcp(ListenAddress address) implements Port {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /** A peer that lost its power never says so; a new connection does no harm. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

    @Override
    public Line open(MonotonicClock clock) throws IOException {
      Dialer dialer = new Dialer();
      try {
        Socket socket = dialer.connect(address.host(), address.port(), CONNECT);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) LONGEST_SILENCE.toMillis());
        return new Line(socket.getInputStream(), socket.getOutputStream(), socket);
      } catch (UnknownHostException e) {
        dialer.close();
        throw new IOException("there is no host of this name; correct drogue.address", e);
      } catch (SocketTimeoutException e) {
        dialer.close();
        throw new IOException("nothing answers; check drogue.address and what lies between", e);
      } catch (IOException e) {
        dialer.close();
        throw new IOException(e.getMessage() + "; does it listen there?", e);
      }
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }
}
