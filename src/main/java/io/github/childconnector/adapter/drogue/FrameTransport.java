package io.github.childconnector.adapter.drogue;

import io.github.childconnector.adapter.drogue.wire.Codec.FormatException;
import io.github.childconnector.clock.Backoff;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Frames of 1024 bytes on a line of its own to one device, as embedded-update has them: a message
 * in postcard, and then whatever fills the frame. Each status gets exactly one command. A line that
 * ends is opened again, for as long as the device is served.
 *
 * <pre>
 * 05 "0.1.0" 01 8004 00 00 …               a status: 0.1.0 runs, and takes 512 bytes at a time
 * 02 05 "0.1.1" 00 00 8004 7f454c46… 00…   a command: write these 512 bytes at 0
 * </pre>
 */
class FrameTransport extends Transport {
  private static final System.Logger LOG = System.getLogger(FrameTransport.class.getName());

  /** More than a frame takes at 1200 baud. */
  private static final Duration WRITING = Duration.ofSeconds(20);

  private final Port port;
  private final Duration silence;
  private final MonotonicClock clock;
  private final Backoff pauses;
  private final Threads.Worker thread;
  private Optional<Port.Line> line = Optional.empty();
  private boolean isClosed;
  private boolean isSpeaking;
  private final Set<String> told = new HashSet<>();
  private volatile Optional<String> trouble = Optional.empty();

  FrameTransport(TransportSettings.Line settings, Backoff pauses, MonotonicClock clock) {
    super(settings, clock);
    this.port = settings.port();
    this.silence = settings.silence();
    this.pauses = pauses;
    this.clock = clock;
    this.thread = clock.threads().daemon("drogue-line", this::run);
  }

  /** Begins; a device that is not plugged in now may be so later. */
  @Override
  void open() {
    thread.start();
  }

  private void run() {
    try {
      while (true) {
        serveOnce();
        clock.sleep(pauses.next());
      }
    } catch (InterruptedException e) {
      // It was closed.
    }
  }

  private void serveOnce() throws InterruptedException {
    try (Port.Line open = port.open(clock)) {
      keep(Optional.of(open));
      serve(open);
    } catch (SocketTimeoutException e) {
      LOG.log(Level.DEBUG, "Nothing came on {0} for long; it is opened anew", port);
    } catch (IOException e) {
      isSpeaking = false;
      String what = Optional.ofNullable(e.getMessage()).orElse("it takes nothing any more");
      tell(what, what);
    } catch (RuntimeException e) {
      LOG.log(
          Level.ERROR, "The line to the device at " + port + " is opened anew after a fault", e);
    } finally {
      keep(Optional.empty());
    }
  }

  private synchronized void keep(Optional<Port.Line> open) throws InterruptedException {
    line = open;
    if (isClosed && open.isPresent()) {
      throw new InterruptedException();
    }
  }

  private void serve(Port.Line open) throws IOException, InterruptedException {
    FrameReader frames = new FrameReader(open.in(), silence, clock);
    while (true) {
      try {
        Optional<byte[]> command = answer(next(frames));
        frames.accept();
        heard();
        // What came meanwhile is newer, and is what the device awaits an answer for.
        if (command.isPresent() && !frames.hasCome()) {
          send(open, frame(command.get()));
        }
      } catch (FormatException e) {
        LOG.log(Level.DEBUG, "A frame is not answered", e);
      }
    }
  }

  /** Waits for the next frame that may be a status. */
  private byte[] next(FrameReader frames) throws IOException, InterruptedException {
    while (true) {
      try {
        return frames.next();
      } catch (FormatException e) {
        tell("no frame", e.getMessage() + "; check the baud rate and the cable");
      }
    }
  }

  private static byte[] frame(byte[] command) {
    if (command.length > FrameReader.LENGTH) {
      throw new IllegalStateException("a command of " + command.length + " bytes fits no frame");
    }
    return Arrays.copyOf(command, FrameReader.LENGTH);
  }

  /**
   * The command for a status, both as they are on the wire; empty if there is none to it.
   *
   * @throws FormatException it is no status, so there is no answer
   */
  Optional<byte[]> answer(byte[] status) throws FormatException, InterruptedException {
    return devices()
        .device("")
        .orElseThrow(() -> new FormatException("nobody is served"))
        .answer(status);
  }

  private void send(Port.Line open, byte[] frame) throws IOException {
    MonotonicClock.Timer timer = clock.schedule(WRITING, open::close);
    try {
      open.out().write(frame);
    } finally {
      timer.cancel();
    }
  }

  private void heard() {
    pauses.reset();
    trouble = Optional.empty();
    if (!isSpeaking) {
      isSpeaking = true;
      told.clear();
      LOG.log(Level.INFO, "The device at {0} speaks", port);
    }
  }

  /** Each kind once until the line is a new one, and not at each of the tries that follow. */
  private void tell(String kind, String what) {
    trouble = Optional.of(port + ": " + what);
    Level level = told.add(kind) && !isClosed() ? Level.WARNING : Level.DEBUG;
    LOG.log(level, "The device at {0}: {1}", port, what);
  }

  @Override
  public Optional<String> trouble() {
    return trouble;
  }

  private synchronized boolean isClosed() {
    return isClosed;
  }

  @Override
  public void close() {
    thread.interrupt();
    if (closeLine()) {
      awaitEnd(thread);
    }
  }

  /** Returns whether there was one; if not, the thread ends as soon as it has tried to have one. */
  private synchronized boolean closeLine() {
    isClosed = true;
    line.ifPresent(Port.Line::close);
    return line.isPresent();
  }
}
