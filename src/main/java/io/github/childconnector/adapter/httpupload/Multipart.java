package io.github.childconnector.adapter.httpupload;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The bytes around the image in a multipart form (RFC 7578).
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
 */
record Multipart(String boundary) {
  private static final String LINE = "\r\n";

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  /** The bytes before the image. */
  byte[] head(Map<String, String> fields, String field, String fileName) {
    StringBuilder text = new StringBuilder();
    fields.forEach((name, value) -> text.append(part(name)).append(LINE + LINE + value + LINE));
    text.append(part(field)).append("; filename=\"" + escaped(fileName) + "\"" + LINE);
    text.append("Content-Type: application/octet-stream" + LINE + LINE);
    return bytes(text.toString());
  }

  /** The bytes behind it. */
  byte[] tail() {
    return bytes(LINE + "--" + boundary + "--" + LINE);
  }

  private String part(String name) {
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
}
