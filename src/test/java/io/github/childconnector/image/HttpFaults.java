package io.github.childconnector.image;

import static io.github.childconnector.image.Faults.BODY;
import static io.github.childconnector.image.Faults.CHUNKED;
import static io.github.childconnector.image.Faults.CUT;
import static io.github.childconnector.image.Faults.GOOD;
import static io.github.childconnector.image.Faults.LENGTH;
import static io.github.childconnector.image.Faults.TAG;
import static io.github.childconnector.image.Faults.after;
import static io.github.childconnector.image.Faults.raw;
import static io.github.childconnector.image.Faults.reset;
import static io.github.childconnector.image.Faults.whole;
import static io.github.childconnector.image.HttpFault.always;
import static io.github.childconnector.image.HttpFault.each;
import static io.github.childconnector.image.HttpFault.endless;
import static io.github.childconnector.image.HttpFault.resumed;
import static io.github.childconnector.image.HttpFault.row;

import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What file servers do wrong, a row each. */
final class HttpFaults {
  static final String GOOD_END = "verified";
  private static final String FAILED = "download-failed: ";
  private static final String REFUSED = "download-refused: ";
  private static final String TIMEOUT = "download-timeout: ";
  private static final String MISMATCH = "digest-mismatch: ";
  private static final String OK = "HTTP/1.1 200 OK\nConnection: close\n";
  private static final int ALL = BODY.length;

  /** Rows in which the server gives another end than it means, or one tag to two images. */
  private static final Set<String> BELIEVED =
      Set.of(
          "length too short",
          "other bytes at first",
          "the same tag for other bytes",
          "another image for ever");

  /** Rows whose bodies end with the connection. */
  private static final Set<String> ENDLESS =
      Set.of(
          "stall without a length",
          "stall instead of the end",
          "stall once",
          "reset without a length",
          "cut without a length",
          "an error page",
          "gzip for the transfer",
          "HTTP/1.0");

  /** Rows in which all bytes come, but not the end that was announced. */
  private static final Set<String> AT_THE_END =
      Set.of(
          "stall before the last chunk",
          "reset instead of the end",
          "no last chunk",
          "length too long by one");

  private static final Set<String> TWO_ENDS = Set.of("two lengths", "a length and chunks");

  private HttpFaults() {}

  static Stream<HttpFault> rows() {
    return Stream.of(slow(), resets(), truncated(), lengths(), garbage(), statuses(), changes())
        .flatMap(Function.identity());
  }

  /**
   * The same for images whose digest was not promised: only bytes whose end the server says are
   * taken, and what it says is believed.
   */
  static Stream<HttpFault> unpromised() {
    return rows().filter(row -> !BELIEVED.contains(row.name())).map(HttpFaults::unpromised);
  }

  private static HttpFault unpromised(HttpFault row) {
    if (ENDLESS.contains(row.name())) {
      return new HttpFault(
          row.name(), REFUSED + "where it ends", 1, ALL, faults -> List.of(whole()));
    }
    return Stream.of(
            AT_THE_END.contains(row.name()) ? Stream.of(row.ending(FAILED, 3)) : none(),
            TWO_ENDS.contains(row.name()) ? Stream.of(row.ending(REFUSED, 1)) : none(),
            row.name().equals("length zero")
                ? Stream.of(row.ending("request-invalid: ", 1))
                : none(),
            row.name().equals("a rest without a tag")
                ? Stream.of(row.ending(REFUSED + "answered 206", 3))
                : none(),
            row.name().equals("another rest without a tag")
                ? Stream.of(row.ending(GOOD_END, 3))
                : none())
        .flatMap(Function.identity())
        .findFirst()
        .orElse(row);
  }

  private static Stream<HttpFault> none() {
    return Stream.empty();
  }

  private static Stream<HttpFault> slow() {
    return Stream.of(
        each(
            "headers byte by byte",
            FAILED + "nothing came for 30s",
            3,
            faults -> faults.trickled(OK)),
        each(
            "body byte by byte",
            TIMEOUT + "it was still coming",
            1,
            faults -> faults.trickledBody()),
        each(
            "stall in the status line",
            FAILED + "nothing came",
            3,
            faults -> faults.stalled("HTTP/1.")),
        each("stall in the headers", FAILED + "nothing came", 3, faults -> faults.stalled(OK)),
        each(
            "stall with a length",
            FAILED + "nothing came",
            3,
            faults -> faults.stalledAfter(CUT, LENGTH)),
        each(
            "stall without a length",
            FAILED + "nothing came",
            3,
            faults -> faults.stalledAfter(CUT)),
        each(
            "stall between chunks",
            FAILED + "nothing came",
            3,
            faults -> faults.stalledAfter(CUT, CHUNKED)),
        each(
            "stall before the last chunk",
            GOOD_END,
            1,
            faults -> faults.stalledAfter(ALL, CHUNKED)),
        each("stall instead of the end", GOOD_END, 1, faults -> faults.stalledAfter(ALL)),
        each("stall after the end", GOOD_END, 1, faults -> faults.stalledAfter(ALL, LENGTH)),
        row("stall once", GOOD_END, 2, faults -> List.of(faults.stalledAfter(CUT), GOOD)));
  }

  private static Stream<HttpFault> resets() {
    return Stream.of(
        always("reset before the headers", FAILED, 6, reset("")),
        always("reset in the status line", FAILED, 3, reset("HTTP/1.1 2")),
        always("reset in the headers", FAILED, 3, reset(OK + "Content-Le")),
        each(
            "reset with a length",
            FAILED + "the connection ended",
            3,
            faults -> faults.resetAfter(CUT, LENGTH)),
        each(
            "reset in chunks",
            FAILED + "the connection ended",
            3,
            faults -> faults.resetAfter(CUT, CHUNKED)),
        each(
            "reset without a length",
            FAILED + "the connection ended",
            3,
            faults -> faults.resetAfter(CUT)),
        each("reset instead of the end", GOOD_END, 1, faults -> faults.resetAfter(ALL, CHUNKED)),
        row("reset once", GOOD_END, 2, faults -> List.of(faults.resetAfter(CUT, LENGTH), GOOD)));
  }

  private static Stream<HttpFault> truncated() {
    return Stream.of(
        each(
            "cut with a length",
            FAILED + "the connection ended",
            3,
            faults -> faults.cutAfter(CUT, LENGTH)),
        each(
            "cut in chunks",
            FAILED + "the connection ended",
            3,
            faults -> faults.cutAfter(CUT, CHUNKED)),
        each("cut without a length", MISMATCH, 2, faults -> faults.cutAfter(CUT)),
        each("no last chunk", GOOD_END, 1, faults -> faults.cutAfter(ALL, CHUNKED)),
        always("closed before the headers", FAILED, 6, raw("")),
        always("closed in the headers", FAILED, 3, raw(OK)));
  }

  private static Stream<HttpFault> lengths() {
    return Stream.of(
        each(
            "length too long by one",
            GOOD_END,
            1,
            faults -> faults.cutAfter(ALL, "Content-Length: 100001")),
        each(
            "length too long by much",
            FAILED,
            3,
            faults -> faults.cutAfter(CUT, "Content-Length: 500000")),
        always("length too short", MISMATCH, 2, whole("Content-Length: 99999")),
        always("length zero", MISMATCH, 2, whole("Content-Length: 0")),
        always("length negative", FAILED, 3, raw(OK + "Content-Length: -5\n\n")),
        always(
            "length beyond a long",
            REFUSED + "cannot be understood",
            1,
            raw(OK + "Content-Length: 99999999999999999999\n\n")),
        always(
            "length above the limit",
            "image-too-large: ",
            1,
            raw(OK + "Content-Length: 1000001\n\n")),
        always("two lengths", MISMATCH, 2, whole("Content-Length: 1000", LENGTH)),
        always("a length and chunks", MISMATCH, 2, whole("Content-Length: 1000", CHUNKED)));
  }

  private static Stream<HttpFault> garbage() {
    String chunks = OK + CHUNKED + "\n\n";
    return Stream.of(
        always("chunk of no size", FAILED, 3, raw(chunks + "zz\nhello\n0\n\n")),
        always("chunk of negative size", FAILED, 3, raw(chunks + "-5\nhello\n0\n\n")),
        always(
            "chunk of endless size", FAILED, 3, raw(chunks + "ffffffffffffffffff\nhello\n0\n\n")),
        always("chunk longer than its size", FAILED, 3, raw(chunks + "2\nhello\n0\n\n")),
        endless("chunk size without end", FAILED, 3, Faults.endless(chunks + "5;", "x")),
        always("bad status line", FAILED + "Invalid status line", 3, raw("HTTP/1.1 what\n\n")),
        always("another protocol", FAILED + "Invalid status line", 3, raw("SSH-2.0-OpenSSH_9.2\n")),
        always("binary", FAILED, 3, after("", connection -> connection.body(BODY, 0, 1000))),
        endless("status line without end", FAILED, 3, Faults.endless("HTTP/1.1 200 ", "x")),
        endless("headers without end", FAILED, 3, Faults.endless(OK, "X-More: of it\n")),
        endless("header without end", FAILED, 3, Faults.endless(OK + "X-Long: ", "x")),
        endless(
            "interim answers without end",
            FAILED,
            3,
            Faults.endless("", "HTTP/1.1 103 Early Hints\nLink: <x>\n\n")),
        endless("chunks without end", "image-too-large: ", 1, Faults.endless(chunks, "5\nhello\n")),
        always("an interim answer", GOOD_END, 1, after("HTTP/1.1 103 Early Hints\n\n", GOOD)),
        always("continue", GOOD_END, 1, after("HTTP/1.1 100 Continue\n\n", GOOD)),
        always(
            "switching protocols",
            FAILED,
            3,
            raw("HTTP/1.1 101 Switching Protocols\nUpgrade: x\nConnection: Upgrade\n\n")),
        always("HTTP/1.0", GOOD_END, 1, after("HTTP/1.0 200 OK\n\n", Faults::body)));
  }

  private static Stream<HttpFault> statuses() {
    return Stream.of(
        always(
            "401 with a challenge",
            REFUSED + "answered 401",
            1,
            Replies.status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"")),
        always("403", REFUSED + "answered 403", 1, Replies.status("403 Forbidden")),
        always(
            "407",
            REFUSED,
            1,
            Replies.status(
                "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"")),
        always(
            "407 without a challenge",
            REFUSED,
            1,
            Replies.status("407 Proxy Authentication Required")),
        always(
            "416 with a range unasked",
            REFUSED + "answered 416",
            1,
            Replies.status("416 Range Not Satisfiable", "Content-Range: bytes */7")),
        always("205", REFUSED, 1, raw("HTTP/1.1 205 Reset Content\n\n")),
        always(
            "an error page",
            MISMATCH,
            2,
            raw(OK + "Content-Type: text/html\n\n<html>Please log in</html>")),
        always("gzip", REFUSED + "gzip", 1, Replies.whole(BODY, "Content-Encoding: gzip")),
        always("gzip for the transfer", MISMATCH, 2, raw(OK + "Transfer-Encoding: gzip\n\n\u001f")),
        always(
            "503 for a year",
            TIMEOUT + "503",
            1,
            Replies.status("503 Busy", "Retry-After: 31536000")),
        always(
            "503 for longer than a long",
            FAILED + "503",
            3,
            Replies.status("503 Busy", "Retry-After: 99999999999999999999")),
        always(
            "503 for a negative time",
            FAILED + "503",
            3,
            Replies.status("503 Busy", "Retry-After: -1")),
        always(
            "503 for a time in words",
            FAILED + "503",
            3,
            Replies.status("503 Busy", "Retry-After: soon")),
        always(
            "503 until a date",
            FAILED + "503",
            3,
            Replies.status("503 Busy", "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT")),
        always(
            "a redirect loop with bodies",
            REFUSED + "redirects without end",
            6,
            after("HTTP/1.1 302 Found\nLocation: /again\n" + LENGTH + "\n\n", Faults::body)),
        always(
            "a redirect to a foreign host",
            "url-refused: ",
            1,
            Replies.status("302 Found", "Location: http://192.0.2.1/x")),
        always(
            "a redirect to a file",
            "url-refused: ",
            1,
            Replies.status("302 Found", "Location: file:///etc/passwd")),
        always(
            "a redirect to nowhere",
            "url-refused: ",
            1,
            Replies.status("302 Found", "Location: http://[::1")),
        always(
            "a redirect with a user",
            "url-refused: ",
            1,
            Replies.status("302 Found", "Location: http://a:b@127.0.0.1/")),
        always(
            "a redirect without Location",
            REFUSED + "without a Location",
            1,
            Replies.status("302 Found")),
        always(
            "a redirect to itself without end",
            REFUSED + "redirects without end",
            6,
            Replies.status("307 Again", "Location: ")));
  }

  private static Stream<HttpFault> changes() {
    return Stream.of(
        resumed("a part, as it should be", GOOD_END, 2, Faults.honest(TAG)),
        resumed("a new tag", GOOD_END, 2, Faults.honest("ETag: \"v2\"")),
        resumed("other bytes at first", GOOD_END, 3, Faults.otherRest(TAG), Faults.honest(TAG)),
        resumed("the same tag for other bytes", GOOD_END, 3, Faults.otherRest(TAG), GOOD),
        resumed("a rest without a tag", GOOD_END, 2, Replies.rest(BODY, CUT)),
        resumed("another rest without a tag", GOOD_END, 3, Faults.otherRest(), GOOD),
        resumed(
            "a rest with a weak tag", GOOD_END, 3, Replies.rest(BODY, CUT, "ETag: W/\"v1\""), GOOD),
        resumed(
            "416 with the length of another",
            GOOD_END,
            3,
            Replies.status("416 No", "Content-Range: bytes */7"),
            GOOD),
        resumed(
            "ranges in parts",
            GOOD_END,
            3,
            Replies.status(
                "206 Partial Content", "Content-Type: multipart/byteranges; boundary=x", TAG),
            GOOD),
        resumed(
            "a rest beyond its end",
            GOOD_END,
            3,
            after("HTTP/1.1 206 Partial\nContent-Range: bytes 40000-99999/50000\n\n", Faults::body),
            GOOD),
        resumed(
            "a rest of nothing",
            FAILED,
            3,
            Replies.status("206 Partial Content", "Content-Range: bytes 40000-99999/100000", TAG)),
        row(
            "the tag lost",
            GOOD_END,
            3,
            faults ->
                List.of(faults.cutAfter(CUT, LENGTH, TAG), faults.cutAfter(CUT, LENGTH), GOOD)),
        resumed(
            "another image for ever", MISMATCH, 3, Faults.otherRest(TAG), Faults.other(70_000)));
  }
}
