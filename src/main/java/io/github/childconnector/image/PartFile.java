package io.github.childconnector.image;

import io.github.childconnector.clock.Threads;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.fault.LastingFault;
import io.github.childconnector.operation.Sha256;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of an image, until it is whole; what a power cut leaves of it is hashed again when
 * it is opened. Every IOException is the disk's.
 *
 * <pre>
 * e3b0…b855.part        the bytes that are here
 * e3b0…b855.part.etag   the server's strong entity tag, where it gave one: "5f3-abc"
 * e3b0…b855             the verified image
 * </pre>
 *
 * <p>An image whose digest was promised is whole once that matches. Of any other the server says
 * when, and no digest would tell bytes that a power cut has spoilt; so its tag is written when its
 * bytes are safe, with their number and digest, and what differs from these begins anew:
 *
 * <pre>
 * 9f86…0a08.url.part.etag   "5f3-abc" 40000 e3b0…b855
 * </pre>
 */
final class PartFile implements Closeable {
  static final String SUFFIX = ".part";
  static final String TAG_SUFFIX = ".part.etag";
  private static final int MAX_TAG = 1024;

  private final Disk disk;
  private final Path directory;
  private final Wanted wanted;
  private final Threads threads;
  private final MessageDigest bytes = Sha256.begin();
  private long size;
  private Disk.Output output;
  private Optional<String> tag;
  private boolean ended;

  /**
   * The point from which a download may go on.
   *
   * @param offset how many bytes are here
   * @param tag the strong entity tag of the bytes, its quotes included: {@code "5f3-abc"}. Weak
   *     ones ({@code W/"…"}) promise too little to continue a download with
   */
  record ResumePoint(long offset, String tag) {
    private static final Pattern STRONG = Pattern.compile("\"[\\x21\\x23-\\x7e]{0,500}\"");

    /** Whether a server gives this tag to exactly the same bytes. */
    static boolean isStrong(String tag) {
      return STRONG.matcher(tag).matches();
    }
  }

  /** Opens what is there of this image, or an empty file. */
  PartFile(Disk disk, Path directory, Wanted wanted, Threads threads) throws IOException {
    this.disk = disk;
    this.threads = threads;
    this.directory = directory;
    this.wanted = wanted;
    hashAgain();
    this.tag = readTag();
    this.output = new FlushingOutput(disk.append(part()), threads);
    if (!isWhole() && tag.isEmpty()) {
      restart(tag);
    }
  }

  private Path part() {
    return directory.resolve(wanted.name() + SUFFIX);
  }

  private Path tagFile() {
    return directory.resolve(wanted.name() + TAG_SUFFIX);
  }

  private Optional<String> readTag() throws IOException {
    if (!disk.exists(tagFile())) {
      return Optional.empty();
    }
    try (InputStream file = disk.read(tagFile())) {
      String text = new String(file.readNBytes(MAX_TAG), StandardCharsets.US_ASCII);
      return Optional.of(text)
          .filter(noted -> noted.endsWith(extent()))
          .map(noted -> noted.substring(0, noted.length() - extent().length()))
          .filter(ResumePoint::isStrong);
    }
  }

  /** The words behind the tag, so that it is taken for a tag of these bytes only. */
  private String extent() {
    return wanted.isPromised() ? "" : " " + size + " " + digest();
  }

  private void hashAgain() throws IOException {
    if (disk.exists(part())) {
      try (InputStream file = disk.read(part())) {
        size = Sha256.add(bytes, file);
      }
    }
  }

  /** The number of bytes that are here. */
  long size() {
    return size;
  }

  /** The digest that was promised of the image. */
  Optional<Sha256> promised() {
    return wanted.digest();
  }

  /** The digest of the bytes that are here. */
  Sha256 digest() {
    return Sha256.soFar(bytes);
  }

  /** Whether the bytes that are here are the image. */
  boolean isWhole() {
    return wanted.digest().map(digest()::equals).orElse(ended);
  }

  /** Takes the server's word that the bytes that are here are all there are. */
  void end() {
    ended = true;
  }

  /** The point from which the server may go on; empty where the download must begin anew. */
  Optional<ResumePoint> resumePoint() {
    return tag.filter(strong -> size > 0).map(strong -> new ResumePoint(size, strong));
  }

  /** Drops all bytes; those that follow belong to the entity with this tag. */
  void restart(Optional<String> newTag) throws IOException {
    output.close();
    disk.delete(tagFile());
    output = new FlushingOutput(disk.create(part()), threads);
    bytes.reset();
    size = 0;
    tag = newTag;
    if (newTag.isPresent() && wanted.isPromised()) {
      writeTag(newTag.get());
    }
  }

  private void writeTag(String strong) throws IOException {
    byte[] text = (strong + extent()).getBytes(StandardCharsets.US_ASCII);
    try (Disk.Output file = disk.create(tagFile())) {
      file.write(text, text.length);
    }
  }

  /** Adds the first {@code length} bytes of {@code chunk}. */
  void append(byte[] chunk, int length) throws IOException {
    output.write(chunk, length);
    bytes.update(chunk, 0, length);
    size += length;
  }

  /**
   * Gives a whole file the name of its digest, for good, and takes from programs of this user the
   * right to write to it.
   */
  FirmwareImage publish() throws IOException {
    Sha256 digest = digest();
    Path image = directory.resolve(digest.hex());
    output.force();
    output.close();
    disk.seal(part());
    disk.renameForGood(part(), image);
    disk.delete(tagFile());
    return new FirmwareImage(image, digest, size);
  }

  /** Bytes that the disk may not have taken must not be gone on from, whatever they look like. */
  @Override
  public void close() throws IOException {
    try {
      if (!wanted.isPromised() && !ended && resumePoint().isPresent()) {
        output.force();
        writeTag(resumePoint().get().tag());
      }
      output.close();
    } catch (IOException e) {
      disk.delete(part());
      throw e;
    }
  }

  /**
   * Forces a large file out while more of it is written, in a thread of its own, so that the last
   * {@link #force} has little left to do, and the memory of a small machine does not fill with what
   * waits for the disk.
   *
   * <p>What fails meanwhile is thrown by whatever is called next, and again by all that follows:
   * asked again, the operating system might no longer tell.
   */
  static final class FlushingOutput implements Disk.Output {
    private static final long INTERVAL = 16L << 20;

    /** The time between two looks at a flush; only its end ends the wait for it. */
    private static final Duration LOOK = Duration.ofMinutes(1);

    private final Disk.Output output;
    private final Threads threads;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private Threads.Worker flush;
    private long waiting;

    /** Writes to this one. */
    FlushingOutput(Disk.Output output, Threads threads) {
      this.output = output;
      this.threads = threads;
      this.flush = thread();
    }

    private Threads.Worker thread() {
      return threads.thread("flush", this::flush);
    }

    @Override
    public void write(byte[] bytes, int length) throws IOException {
      throwFailure();
      output.write(bytes, length);
      waiting += length;
      if (waiting >= INTERVAL && !flush.isAlive()) {
        waiting = 0;
        flush = thread();
        flush.start();
      }
    }

    private void flush() {
      try {
        output.force();
      } catch (IOException | RuntimeException | Error e) {
        failure.set(e);
      }
    }

    private void throwFailure() throws IOException {
      Throwable earlier = failure.get();
      if (earlier != null) {
        LastingFault.rethrow(earlier);
        boolean isTheDisk = earlier instanceof IOException;
        throw new IOException(isTheDisk ? earlier.getMessage() : earlier.toString(), earlier);
      }
    }

    @Override
    public void force() throws IOException {
      awaitFlush();
      throwFailure();
      output.force();
    }

    @Override
    public void close() throws IOException {
      awaitFlush();
      output.close();
      throwFailure();
    }

    /** Waits also in a thread that was interrupted, which it is again afterwards. */
    private void awaitFlush() {
      boolean interrupted = false;
      while (flush.isAlive()) {
        try {
          flush.join(LOOK);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
