package io.github.childconnector.image;

import io.github.childconnector.http.StallWatch;
import io.github.childconnector.image.PartFile.ResumePoint;
import io.github.childconnector.image.Tries.TryFailedException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The file server's answer to one request; its body is read under the watch of the try. */
final class Answer implements AutoCloseable {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> TRANSIENT = Set.of(408, 425, 429);
  private static final Pattern PAGE = Pattern.compile("(?i)\\s*(text/html|application/xhtml)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  /**
   * The range of a partial answer, for example {@code bytes 100-199/200}: its first byte, and how
   * many there are in all.
   */
  private static final Pattern RANGE =
      Pattern.compile("bytes +(\\d{1,18})-\\d{1,18}/(?:(\\d{1,18})|\\*)");

  /**
   * The words that servers write as an encoding of bytes that are as they should be, character sets
   * among them; the digest decides.
   */
  private static final Pattern NO_ENCODING =
      Pattern.compile(
          "(?i)\\s*(identity|none|null|raw|plain|binary|7bit|8bit|utf-?8|us-ascii|iso-8859-\\d+"
              + "|windows-\\d+|application/octet-stream)?\\s*");

  /** The place where answers come from. */
  interface Source {
    /** Asks for the image, or for what of it lies behind {@code point}. */
    Answer get(ImageUrl url, Optional<ResumePoint> point, StallWatch watch)
        throws TryFailedException, UpdateException, InterruptedException;
  }

  /** The reply that came over the network: a status and headers, and then the bytes. */
  interface Reply {
    int status();

    List<String> headers(String name);

    /**
     * Waits for bytes and puts some into {@code chunk}; returns how many, -1 at the end.
     *
     * @throws IOException where the connection broke or this was closed
     */
    int read(byte[] chunk) throws IOException, InterruptedException;

    /** Gives the connection up, unless all has come; whoever reads is woken. */
    void close();
  }

  private final ImageUrl url;
  private final Reply reply;
  private final StallWatch watch;

  Answer(ImageUrl url, Reply reply, StallWatch watch) {
    this.url = url;
    this.reply = reply;
    this.watch = watch;
    watch.guard(this::close);
  }

  Optional<String> header(String name) {
    return reply.headers(name).stream().findFirst();
  }

  boolean isRedirect() {
    return REDIRECTS.contains(reply.status());
  }

  /** Whether this is the image from its first byte. */
  boolean isWhole() {
    return reply.status() == 200;
  }

  /**
   * Whether a part was asked for that this server does not give, or not in the way it was asked.
   *
   * @param isCompared whether the digest of the whole will be compared with one that was promised;
   *     where it will not, the answer must say itself which bytes it continues, and where they end
   */
  boolean breaks(ResumePoint point, boolean isCompared) {
    return reply.status() == 416
        || (reply.status() == 206 && !continues(point, isCompared))
        || (reply.status() == 206 && !isCompared && total().isEmpty());
  }

  private boolean continues(ResumePoint point, boolean isCompared) {
    return header("ETag").map(tag -> tag.equals(point.tag())).orElse(isCompared)
        && range()
            .map(range -> Long.parseLong(range.group(1)))
            .filter(start -> start == point.offset())
            .isPresent();
  }

  private Optional<Matcher> range() {
    return header("Content-Range").map(RANGE::matcher).filter(Matcher::matches);
  }

  /** The tag with which a download of these bytes may be continued. */
  Optional<String> tag() {
    return header("ETag").filter(ResumePoint::isStrong);
  }

  /** The length of the whole image in bytes, where the server says so. */
  OptionalLong total() {
    Optional<String> total =
        isWhole() ? number("Content-Length") : range().map(range -> range.group(2));
    return total.stream().mapToLong(Long::parseLong).findFirst();
  }

  private Optional<String> number(String header) {
    return header(header).filter(text -> NUMBER.matcher(text).matches());
  }

  /**
   * Throws unless this answer holds bytes of the image. Bytes that are encoded although that was
   * not wanted are refused unseen: unpacked, they could be of any length, and as they are, they
   * would only be another image, with the wrong advice to upload the firmware again.
   */
  void requireImage(boolean partAsked) throws TryFailedException, UpdateException {
    int status = reply.status();
    if (TRANSIENT.contains(status) || status / 100 == 5) {
      throw new TryFailedException(
          "the server answered " + status,
          Duration.ofSeconds(number("Retry-After").map(Long::parseLong).orElse(0L)));
    }
    if (status != 200 && !(status == 206 && partAsked)) {
      throw refused("answered %d to".formatted(status), remedy(status));
    }
    Optional<String> encoding = header("Content-Encoding").filter(Answer::isEncoding);
    if (encoding.isPresent()) {
      throw refused(
          "sent a %s encoding of".formatted(encoding.get()), "make it send the bytes as they are");
    }
  }

  /**
   * Refuses an answer of which nobody could tell whether all of it came, where no digest will: one
   * that ends with the connection, or with either of two ends. And refuses a web page, which a
   * login or an address that is wrong leads to.
   */
  void requireAnEnd() throws UpdateException {
    boolean isPage =
        header("Content-Type").filter(type -> PAGE.matcher(type).lookingAt()).isPresent();
    if (isPage) {
      throw refused("sent a web page for", "see what a browser shows at that address");
    }
    boolean isChunked =
        reply.headers("Transfer-Encoding").stream().anyMatch("chunked"::equalsIgnoreCase);
    long lengths = reply.headers("Content-Length").stream().distinct().count();
    if (lengths + (isChunked ? 1 : 0) != 1) {
      throw refused(
          lengths == 0
              ? "says neither in a length nor by chunks where it ends, at"
              : "sends two lengths for",
          "without a SHA-256 in the request nobody could tell whether all of it came, so make it send one Content-Length");
    }
  }

  /** Whether any of the words, with commas between, is not just said by a mistaken server. */
  private static boolean isEncoding(String words) {
    return Stream.of(words.split(",", -1)).anyMatch(word -> !NO_ENCODING.matcher(word).matches());
  }

  private static String remedy(int status) {
    return switch (status) {
      case 401, 403 -> "allow this connector to read it";
      case 404, 410 ->
          "the file is gone there: send the firmware again, and see that "
              + "tedge-agent and c8y-firmware-plugin use the same data.path";
      default -> "check which server answers there";
    };
  }

  /** A refusal for good: the file server {@code did} the image's address. */
  UpdateException refused(String did, String remedy) {
    return new UpdateException(
        FailureCode.DOWNLOAD_REFUSED, "The file server %s %s; %s.".formatted(did, url, remedy));
  }

  /** Fills {@code chunk} with what comes next; returns how many bytes that is, -1 at the end. */
  int read(byte[] chunk) throws TryFailedException, UpdateException, InterruptedException {
    watch.waiting();
    try {
      return reply.read(chunk);
    } catch (IOException e) {
      throw broken(e);
    } finally {
      watch.arrived();
    }
  }

  private TryFailedException broken(IOException e) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    return watch
        .verdict()
        .map(TryFailedException::new)
        .orElseGet(() -> TryFailedException.broken(e));
  }

  @Override
  public void close() {
    reply.close();
  }
}
