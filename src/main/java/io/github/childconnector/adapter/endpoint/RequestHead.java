package io.github.childconnector.adapter.endpoint;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a request of HTTP/1.1, RFC 9112:
 *
 * <pre>
 * PUT /files/fw.bin HTTP/1.1
 * Authorization: Basic dTpw
 * Content-Length: 816384
 * </pre>
 *
 * @param target with a path; escapes and all
 * @param fields the values of the headers by their names in lower case
 * @param isKept whether more requests may follow on the connection
 */
record RequestHead(String method, URI target, Map<String, String> fields, boolean isKept) {
  /** In bytes: several times the head that any device sends. */
  static final int LARGEST = 16 << 10;

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern REQUEST = Pattern.compile("(" + TOKEN + ") (\\S+) HTTP/1\\.([01])");
  private static final Pattern FIELD = Pattern.compile("(" + TOKEN + "):[ \t]*(.*?)[ \t]*");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  /** Bytes that are no request; they are answered with 400. */
  static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedException(String what) {
      super(what);
    }
  }

  /**
   * Reads a head up to its empty line.
   *
   * @throws MalformedException it is none, or longer than {@link #LARGEST}
   */
  static RequestHead read(InputStream from) throws IOException {
    Lines lines = new Lines(from);
    Matcher request = REQUEST.matcher(lines.next());
    if (!request.matches()) {
      throw new MalformedException("it does not begin as a request of HTTP/1.1");
    }
    Map<String, String> fields = new HashMap<>();
    for (String line = lines.next(); !line.isEmpty(); line = lines.next()) {
      addField(line, fields);
    }
    String connection = fields.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    boolean isKept = request.group(3).equals("1") && !connection.contains("close");
    return new RequestHead(request.group(1), target(request.group(2)), Map.copyOf(fields), isKept);
  }

  private static void addField(String line, Map<String, String> fields) throws MalformedException {
    Matcher field = FIELD.matcher(line);
    if (!field.matches()) {
      throw new MalformedException("a header has no name");
    }
    String name = field.group(1).toLowerCase(Locale.ROOT);
    boolean isSecond = fields.putIfAbsent(name, field.group(2)) != null;
    if (isSecond && (name.equals("content-length") || name.equals("transfer-encoding"))) {
      throw new MalformedException("its length is there twice");
    }
  }

  private static URI target(String text) throws MalformedException {
    try {
      URI target = new URI(text);
      if (target.getRawPath() != null) {
        return target;
      }
    } catch (URISyntaxException e) {
      // told below
    }
    throw new MalformedException("its address is none");
  }

  /** The value of a header. */
  Optional<String> field(String lowerCaseName) {
    return Optional.ofNullable(fields.get(lowerCaseName));
  }

  /**
   * The body that follows the head on a connection.
   *
   * @throws MalformedException its length is told in no way that is known
   */
  RequestBody body(InputStream from) throws MalformedException {
    Optional<String> encoding = field("transfer-encoding");
    String length = field("content-length").orElse("0");
    boolean isChunked = encoding.filter("chunked"::equalsIgnoreCase).isPresent();
    boolean isTwice = encoding.isPresent() && field("content-length").isPresent();
    if (encoding.isPresent() != isChunked || isTwice || !LENGTH.matcher(length).matches()) {
      throw new MalformedException("its length is not told in a way that is known");
    }
    return isChunked
        ? RequestBody.ofChunks(from)
        : RequestBody.ofLength(from, Long.parseLong(length));
  }

  /** Whether the body comes only if it is asked for. */
  boolean isAwaitingWord() {
    return field("expect").filter("100-continue"::equalsIgnoreCase).isPresent();
  }

  /** Lines of a limited number of bytes in all, which end in LF or CR LF. */
  static final class Lines {
    private final InputStream from;
    private int left = LARGEST;

    Lines(InputStream from) {
      this.from = from;
    }

    /** Returns the next line, without its end. */
    String next() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int each = read(); each != '\n'; each = read()) {
        line.append((char) each);
      }
      boolean isWithReturn = line.length() > 0 && line.charAt(line.length() - 1) == '\r';
      return line.substring(0, line.length() - (isWithReturn ? 1 : 0));
    }

    private int read() throws IOException {
      int next = from.read();
      if (next < 0) {
        throw new EOFException("the connection ended within a request");
      }
      if (left-- == 0) {
        throw new MalformedException("its head has more than " + LARGEST + " bytes");
      }
      return next;
    }
  }
}
