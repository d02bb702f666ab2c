package io.github.childconnector.image;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves files by their names, each with its entity tag, whole or from where a client has got to.
 */
public final class ImageServer implements AutoCloseable {
  private static final String PATH = "/te/v1/files/";
  private static final int PIECES = 3;

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, byte[]> older = new ConcurrentHashMap<>();
  private final AtomicInteger sent = new AtomicInteger();
  private final ScriptedServer server = new ScriptedServer(this::serve);

  /** Serves nothing yet. */
  public ImageServer() throws IOException {}

  /** Offers a file. */
  public void offer(String name, byte[] content) {
    files.put(name, content);
  }

  /** The first time, begins to send these bytes instead and breaks off in the middle. */
  public void offerFirst(String name, byte[] content) {
    older.put(name, content);
  }

  /** Where a file is. */
  public String url(String name) {
    return "http://127.0.0.1:" + server.port() + PATH + name;
  }

  /** How many bytes of files were sent. */
  public int sent() {
    return sent.get();
  }

  private void serve(ScriptedServer.Connection connection) throws IOException {
    String name = connection.request().line().replaceAll("\\S+ " + PATH + "(\\S+).*", "$1");
    byte[] old = older.remove(name);
    byte[] content = old == null ? files.getOrDefault(name, new byte[0]) : old;
    String tag = "\"" + Integer.toHexString(Arrays.hashCode(content)) + "\"";
    int from = from(connection.request(), tag);
    if (from >= content.length) {
      connection.head("416 Range Not Satisfiable", "Content-Length: 0");
      return;
    }
    connection.head(
        from > 0 ? "206 Partial Content" : "200 OK",
        "ETag: " + tag,
        "Content-Length: " + (content.length - from),
        "Content-Range: bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    send(connection, content, from, old == null ? content.length : content.length / 2);
  }

  private void send(ScriptedServer.Connection connection, byte[] content, int from, int end)
      throws IOException {
    int piece = (end - from) / PIECES + 1;
    for (int start = from; start < end; start += piece) {
      int stop = Math.min(end, start + piece);
      connection.body(content, start, stop);
      sent.addAndGet(stop - start);
    }
  }

  private static int from(ScriptedServer.Request request, String tag) {
    return request
        .header("Range")
        .filter(range -> request.header("If-Range").filter(tag::equals).isPresent())
        .map(range -> Integer.parseInt(range.replaceAll("\\D", "")))
        .orElse(0);
  }

  @Override
  public void close() {
    server.close();
  }
}
