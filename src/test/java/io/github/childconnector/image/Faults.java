package io.github.childconnector.image;

import io.github.childconnector.clock.FakeClock;
import io.github.childconnector.image.ScriptedServer.Connection;
import io.github.childconnector.image.ScriptedServer.Reply;
import io.github.childconnector.image.ScriptedServer.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** What file servers do wrong in the course of time, which passes only where a reply says so. */
final class Faults {
  /** The image that is asked for. */
  static final byte[] BODY = Samples.bytes(100_000);

  static final String LENGTH = "Content-Length: 100000";
  static final String CHUNKED = "Transfer-Encoding: chunked";
  static final String TAG = "ETag: \"v1\"";
  static final Reply GOOD = Replies.whole(BODY);

  /** After so many bytes the replies of this class go wrong. */
  static final int CUT = 40_000;

  final FakeClock clock = FakeClock.jumping();
  final RecordingProgress progress = new RecordingProgress();

  /** Sends a text that is meant to be an answer, and closes. */
  static Reply raw(String answer) {
    return connection -> connection.text(answer.replace("\n", "\r\n"));
  }

  /** Sends a text and then another answer. */
  static Reply after(String text, Reply answer) {
    return connection -> {
      connection.text(text.replace("\n", "\r\n"));
      answer.send(connection);
    };
  }

  /** Sends the whole body, in one chunk where the headers say so. */
  static Reply whole(String... headers) {
    return connection -> {
      connection.head("200 OK", headers);
      boolean chunked = List.of(headers).contains(CHUNKED);
      connection.text(chunked ? Integer.toHexString(BODY.length) + "\r\n" : "");
      body(connection);
      connection.text(chunked ? "\r\n0\r\n\r\n" : "");
    };
  }

  /** Does all right: sends what is asked for of the body, by its tag. */
  static Reply honest(String tag) {
    return connection -> {
      int from = begin(connection.request(), tag);
      if (from == 0) {
        Replies.whole(BODY, tag).send(connection);
      } else if (from < BODY.length) {
        Replies.rest(BODY, from, tag).send(connection);
      } else {
        Replies.status("416 Range Not Satisfiable").send(connection);
      }
    };
  }

  private static int begin(Request request, String tag) {
    boolean isSame = request.header("If-Range").map("ETag: "::concat).orElse(tag).equals(tag);
    return request
        .header("Range")
        .filter(range -> isSame)
        .map(range -> Integer.parseInt(range.replaceAll("[^0-9]", "")))
        .orElse(0);
  }

  static void body(Connection connection) throws IOException {
    connection.body(BODY, 0, BODY.length);
  }

  /** Sends a text again and again for as long as somebody listens. */
  static Reply endless(String beginning, String again) {
    return connection -> {
      connection.text(beginning.replace("\n", "\r\n"));
      byte[] more = again.replace("\n", "\r\n").repeat(1000).getBytes(StandardCharsets.US_ASCII);
      while (true) {
        connection.body(more, 0, more.length);
      }
    };
  }

  /** Resets the connection after some text. */
  static Reply reset(String text) {
    return connection -> {
      connection.text(text.replace("\n", "\r\n"));
      connection.reset();
    };
  }

  /** Sends a text byte by byte, ten seconds apart. */
  Reply trickled(String text) {
    return connection -> {
      for (char letter : text.replace("\n", "\r\n").toCharArray()) {
        connection.text(String.valueOf(letter));
        clock.advance(Duration.ofSeconds(10));
      }
      outlast(connection);
    };
  }

  /** Sends the body byte by byte, ten seconds apart. */
  Reply trickledBody() {
    return connection -> {
      connection.head("200 OK", CHUNKED);
      for (int sent = 1; sent < BODY.length; sent++) {
        connection.text("1\r\n");
        connection.body(BODY, sent - 1, sent);
        connection.text("\r\n");
        progress.await(sent);
        clock.advance(Duration.ofSeconds(10));
      }
    };
  }

  /** Says nothing more after some text. */
  Reply stalled(String text) {
    return connection -> {
      connection.text(text.replace("\n", "\r\n"));
      outlast(connection);
    };
  }

  /** Says nothing more after so much of the body. */
  Reply stalledAfter(int bytes, String... headers) {
    return begun(bytes, this::outlast, headers);
  }

  /** Resets the connection once so much of the body has arrived. */
  Reply resetAfter(int bytes, String... headers) {
    return begun(bytes, Connection::reset, headers);
  }

  /** Closes the connection once so much of the body has arrived. */
  Reply cutAfter(int bytes, String... headers) {
    return begun(bytes, connection -> {}, headers);
  }

  private Reply begun(int bytes, Reply end, String... headers) {
    return connection -> {
      connection.head("200 OK", headers);
      boolean chunked = List.of(headers).contains(CHUNKED);
      connection.text(chunked ? Integer.toHexString(bytes) + "\r\n" : "");
      connection.body(BODY, 0, bytes);
      connection.text(chunked ? "\r\n" : "");
      progress.await(bytes);
      end.send(connection);
    };
  }

  private void outlast(Connection connection) throws IOException {
    connection.untilLeft(() -> clock.advance(Duration.ofSeconds(1)));
  }

  /** The same answer each time, with other bytes than those that are asked for. */
  static Reply other(int length, String... headers) {
    return Replies.whole(Samples.bytes(length), headers);
  }

  /** The last bytes of an image that begins like {@link #BODY} and ends otherwise. */
  static Reply otherRest(String... headers) {
    byte[] changed = BODY.clone();
    Arrays.fill(changed, CUT, changed.length, (byte) 'x');
    return Replies.rest(changed, CUT, headers);
  }
}
