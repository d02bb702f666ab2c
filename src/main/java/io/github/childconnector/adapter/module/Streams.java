package io.github.childconnector.adapter.module;

import static java.nio.file.StandardOpenOption.WRITE;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.Threads;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The FIFOs of the state Download, and the thread that writes into them while the module runs. In
 * {@code stream-next} the module reads the name of a stream, for example {@code
 * streams/firmware.bin}, reads that stream, and so on until the name is empty.
 *
 * <p>Opening a FIFO blocks until the other side is opened, too, which a module need not do. When it
 * has ended, the other side is opened here. The FIFOs are made beside the tree and linked into it,
 * so that this can be done whatever the module has removed.
 */
final class Streams {
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Ten seconds; only a disk that holds up the reading of the image takes longer than one. */
  private static final int MAX_JOINS = 500;

  private static final int CHUNK = 1 << 16;

  /** How much of the payload the module has read. */
  enum Taken {
    NOTHING,
    SOME,
    ALL
  }

  private final FileTree tree;
  private final List<PayloadFile> payload;
  private final boolean withSizes;
  private final MonotonicClock clock;
  private final Threads.Worker thread;
  private volatile boolean moduleHasEnded;
  private volatile Taken taken = Taken.NOTHING;
  private volatile Optional<Exception> trouble = Optional.empty();

  /**
   * Streams that nobody fills yet.
   *
   * @param withSizes whether the names are followed by the number of bytes
   */
  Streams(FileTree tree, List<PayloadFile> payload, boolean withSizes, MonotonicClock clock) {
    this.tree = tree;
    this.payload = payload;
    this.withSizes = withSizes;
    this.clock = clock;
    this.thread = clock.threads().daemon("module streams", this::feed);
  }

  /**
   * Returns where FIFOs have to be made before {@link #open}: one for the names, one for each file.
   */
  List<Path> fifos() {
    return IntStream.rangeClosed(0, payload.size())
        .mapToObj(number -> folder().resolve("fifo-" + number))
        .toList();
  }

  /** The folder of the FIFOs, which must be there before they are made. */
  Path folder() {
    return tree.beside("fifos");
  }

  /** Shows the FIFOs to the module, and begins to fill them. */
  void open() throws IOException {
    Files.createDirectories(streams());
    for (int i = 0; i < payload.size(); i++) {
      Files.createLink(streams().resolve(payload.get(i).name()), fifos().get(i + 1));
    }
    Files.createLink(next(), fifos().get(0));
    thread.start();
  }

  private Path streams() {
    return tree.root().resolve("streams");
  }

  private Path next() {
    return tree.root().resolve("stream-next");
  }

  private void feed() {
    try {
      writeAll();
    } catch (IOException | RuntimeException e) {
      trouble = Optional.of(e);
      endEach();
    }
  }

  private void writeAll() throws IOException {
    for (int i = 0; i < payload.size(); i++) {
      if (!write(0, name(payload.get(i))) || !write(i + 1, payload.get(i).source().open())) {
        return;
      }
    }
    if (write(0, InputStream.nullInputStream())) {
      taken = Taken.ALL;
    }
  }

  /**
   * Ends every stream that the module still opens, and the names with them, until it has ended: it
   * would wait for as long as an installation may take.
   */
  private void endEach() {
    try {
      while (!moduleHasEnded) {
        release();
        clock.sleep(PAUSE);
      }
    } catch (IOException | InterruptedException e) {
      // Whoever closes this interrupts it, and removes the FIFOs afterwards.
    }
  }

  private InputStream name(PayloadFile file) {
    String line = "streams/" + file.name() + (withSizes ? " " + file.size() : "") + "\n";
    return new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8));
  }

  /** Waits for a reader and writes all this; false if the module has ended instead. */
  private boolean write(int fifo, InputStream content) throws IOException {
    try (content;
        OutputStream output = open(fifos().get(fifo))) {
      if (moduleHasEnded) {
        return false;
      }
      taken = Taken.SOME;
      byte[] chunk = new byte[CHUNK];
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        output.write(chunk, 0, count);
      }
      return true;
    }
  }

  private static OutputStream open(Path fifo) throws IOException {
    // A channel, because an interrupt ends what it waits for.
    return Channels.newOutputStream(FileChannel.open(fifo, WRITE));
  }

  /** Returns when nobody writes any more and the FIFOs are gone; to be called after the module. */
  void close() throws IOException {
    moduleHasEnded = true;
    awaitEnd();
    Files.deleteIfExists(next());
    FileTree.removeAll(streams());
    FileTree.removeAll(folder());
  }

  private void awaitEnd() throws IOException {
    boolean interrupted = false;
    try {
      for (int joins = 0; thread.isAlive(); joins++) {
        if (joins == MAX_JOINS) {
          throw new IOException("the image is still being read");
        }
        release();
        // Somebody may still hold a FIFO open, and read nothing.
        thread.interrupt();
        interrupted |= !joinedUndisturbed();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean joinedUndisturbed() {
    try {
      thread.join(PAUSE);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /**
   * Opens each FIFO for both sides, which never blocks, and lets whoever waits for a side go on.
   */
  private void release() throws IOException {
    for (Path fifo : fifos()) {
      new RandomAccessFile(fifo.toFile(), "rw").close();
    }
  }

  /** How much the module has read; final once this is closed. */
  Taken taken() {
    return taken;
  }

  /** Tells what went wrong between the image and the module. */
  Optional<Exception> trouble() {
    return trouble;
  }
}
