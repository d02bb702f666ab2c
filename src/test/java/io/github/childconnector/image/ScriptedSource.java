package io.github.childconnector.image;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.disk.Disk;
import io.github.childconnector.http.StallWatch;
import io.github.childconnector.image.PartFile.ResumePoint;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/**
 * A file server without a network, which continues what was begun if it is still the same, and
 * whose connections do what a script says.
 */
@NullMarked
public final class ScriptedSource {
  private final Script script;

  /** The events in the server and on the way from it. */
  public interface Script {
    /** Called before each answer, which may be late; returns the bytes at this path now. */
    byte[] content(String path) throws InterruptedException;

    /** Called before each piece of an answer: may wait, or throw where the connection breaks. */
    void beforePiece(Connection connection) throws IOException, InterruptedException;
  }

  /** An answer on its way; whoever asks may give it up. */
  public static final class Connection {
    private boolean closed;

    /** Whether nobody waits for it any more. */
    public boolean isClosed() {
      return closed;
    }
  }

  /** A server that acts by this script. */
  public ScriptedSource(Script script) {
    this.script = script;
  }

  /** A store that fetches from this server. */
  public ImageStore store(
      Path directory, DownloadSettings settings, Disk disk, MonotonicClock clock)
      throws UpdateException {
    ImageFiles files = new ImageFiles(directory, settings, disk, clock.threads());
    return new ImageStore(files, settings, this::answer, clock);
  }

  private Answer answer(ImageUrl url, Optional<ResumePoint> point, StallWatch watch)
      throws InterruptedException {
    byte[] content = script.content(url.uri().getPath());
    String tag = "\"" + Integer.toHexString(Arrays.hashCode(content)) + "\"";
    boolean continues = point.filter(from -> from.tag().equals(tag)).isPresent();
    int start = continues ? (int) point.orElseThrow().offset() : 0;
    return new Answer(url, new Piecemeal(content, start, tag), watch);
  }

  private final class Piecemeal implements Answer.Reply {
    private static final int PIECE = 1000;

    private final byte[] content;
    private final int start;
    private final Connection connection = new Connection();
    private final Map<String, String> headers;
    private int position;

    private Piecemeal(byte[] content, int start, String tag) {
      this.content = content;
      this.start = start;
      this.position = start;
      String range = "bytes %d-%d/%d".formatted(start, content.length - 1, content.length);
      this.headers =
          start == 0
              ? Map.of("ETag", tag, "Content-Length", Integer.toString(content.length))
              : Map.of(
                  "ETag",
                  tag,
                  "Content-Range",
                  range,
                  "Content-Length",
                  Integer.toString(content.length - start));
    }

    @Override
    public int status() {
      return start == 0 ? 200 : 206;
    }

    @Override
    public List<String> headers(String name) {
      return Optional.ofNullable(headers.get(name)).stream().toList();
    }

    @Override
    public int read(byte[] chunk) throws IOException, InterruptedException {
      script.beforePiece(connection);
      if (connection.closed) {
        throw new IOException("closed");
      }
      int length = Math.min(Math.min(PIECE, chunk.length), content.length - position);
      if (length == 0) {
        return -1;
      }
      System.arraycopy(content, position, chunk, 0, length);
      position += length;
      return length;
    }

    @Override
    public void close() {
      connection.closed = true;
    }
  }
}
