package io.github.childconnector.image;

import io.github.childconnector.image.ScriptedServer.Reply;
import java.util.ArrayList;
import java.util.List;

/** What file servers say, right and wrong. */
public final class Replies {
  private Replies() {}

  public static Reply whole(byte[] body, String... headers) {
    return connection -> {
      connection.head("200 OK", with("Content-Length: " + body.length, headers));
      connection.body(body, 0, body.length);
    };
  }

  /** Chunked and without a length, as tedge-agent sends it. */
  public static Reply chunked(byte[] body) {
    return connection -> {
      connection.head("200 OK", "Transfer-Encoding: chunked");
      connection.text(Integer.toHexString(body.length) + "\r\n");
      connection.body(body, 0, body.length);
      connection.text("\r\n0\r\n\r\n");
    };
  }

  public static Reply rest(byte[] body, int from, String... headers) {
    String range = "Content-Range: bytes %d-%d/%d".formatted(from, body.length - 1, body.length);
    return connection -> {
      connection.head(
          "206 Partial Content",
          with("Content-Length: " + (body.length - from), with(range, headers)));
      connection.body(body, from, body.length);
    };
  }

  /** Announces the whole body, but closes once {@code progress} has seen {@code cut} bytes. */
  static Reply cut(byte[] body, int cut, RecordingProgress progress, String... headers) {
    return connection -> {
      connection.head("200 OK", with("Content-Length: " + body.length, headers));
      connection.body(body, 0, cut);
      progress.await(cut);
    };
  }

  public static Reply status(String status, String... headers) {
    return connection -> connection.head(status, with("Content-Length: 0", headers));
  }

  static String[] with(String header, String... others) {
    List<String> all = new ArrayList<>(List.of(others));
    all.add(header);
    return all.toArray(String[]::new);
  }
}
