package io.github.childconnector.adapter.httpupload;

import java.net.http.HttpHeaders;
import java.util.regex.Pattern;

/** The answer of a device; of the body, the beginning. */
record Reply(int status, HttpHeaders headers, String text) {
  private static final int MAX_READ = 4000;
  private static final int MAX_SHOWN = 160;
  private static final Pattern TAG = Pattern.compile("<[^<>]*>");
  private static final Pattern SPACE = Pattern.compile("\\s+");

  static Reply of(ReplyBody body) {
    return new Reply(body.head().statusCode(), body.head().headers(), body.text());
  }

  boolean isUnauthorized() {
    return status == 401;
  }

  /**
   * Returns a part of a sentence, for example {@code answered 200: Update error: Not Enough Space}.
   */
  @Override
  public String toString() {
    String excerpt = excerpt();
    return "answered " + status + (excerpt.isEmpty() ? "" : ": " + excerpt);
  }

  private String excerpt() {
    String beginning = text.substring(0, Math.min(text.length(), MAX_READ));
    String plain = SPACE.matcher(TAG.matcher(beginning).replaceAll(" ")).replaceAll(" ").strip();
    return plain.length() <= MAX_SHOWN ? plain : plain.substring(0, MAX_SHOWN) + "…";
  }
}
