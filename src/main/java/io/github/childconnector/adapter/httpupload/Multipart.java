package io.github.childconnector.adapter.httpupload;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A multipart form (RFC 7578) with the image in its last part.
 *
 * <pre>
 * --boundary
 * Content-Disposition: form-data; name="MD5"
 *
 * 5eb63bbbe01eeed093cb22bb8f5acdc3
 * --boundary
 * Content-Disposition: form-data; name="firmware"; filename="firmware.bin"
 * Content-Type: application/octet-stream
 *
 * (the image)
 * --boundary--
 * </pre>
 *
 * @param field the form field with the image
 * @param fileName the file name that the device sees there; may hold placeholders
 * @param fields further fields, before the image; their values may hold placeholders
 */
record Multipart(String field, String fileName, Map<String, String> fields) {
  private static final String LINE = "\r\n";

  Multipart {
    // Map.copyOf would not keep the order, which some devices rely on.
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** Random, so that no image holds it. */
  static String boundary() {
    SplittableRandom random = new SplittableRandom();
    return "connector-"
        + HexFormat.of().toHexDigits(random.nextLong())
        + HexFormat.of().toHexDigits(random.nextLong());
  }

  static String contentType(String boundary) {
    return "multipart/form-data; boundary=" + boundary;
  }

  /** The bytes before the image. */
  byte[] head(String boundary, ImageValues values) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> each : fields.entrySet()) {
      text.append(
          part(boundary, each.getKey()) + LINE + LINE + values.fill(each.getValue()) + LINE);
    }
    text.append(part(boundary, field));
    text.append("; filename=\"" + escaped(values.fill(fileName)) + "\"" + LINE);
    text.append("Content-Type: application/octet-stream" + LINE + LINE);
    return bytes(text.toString());
  }

  static byte[] tail(String boundary) {
    return bytes(LINE + "--" + boundary + "--" + LINE);
  }

  private static String part(String boundary, String name) {
    return "--%s%sContent-Disposition: form-data; name=\"%s\""
        .formatted(boundary, LINE, escaped(name));
  }

  /** Escapes as browsers do: a quote or a line end would end the name. */
  private static String escaped(String name) {
    return name.replace("\r", "%0D").replace("\n", "%0A").replace("\"", "%22");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "multipart " + field + ", fields " + fields.keySet();
  }
}
