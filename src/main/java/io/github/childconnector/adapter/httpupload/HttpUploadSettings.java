package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.httpupload.ExpectedAnswer.StatusSet;
import io.github.childconnector.http.HttpClients.Trust;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A child's {@code [child.httpupload]} table. A sample of it is in {@code examples/httpupload}.
 *
 * @param target where the image goes, and in which form
 * @param expected what the device answers when it has taken the image
 * @param busy statuses by which it says that it cannot be updated now
 * @param access how it knows us, and we know it
 * @param limits how long is waited
 * @param version how its version is read
 * @param repeatable whether an upload that was cut off may be done again
 */
record HttpUploadSettings(
    Target target,
    ExpectedAnswer expected,
    StatusSet busy,
    Access access,
    Limits limits,
    Optional<VersionQuery> version,
    boolean repeatable) {

  /**
   * The address to which the image goes, and its form.
   *
   * @param prepare an address that is asked before, for devices that want to be told
   */
  record Target(String method, UrlTemplate url, Optional<UrlTemplate> prepare, Form form) {}

  /** The credentials we show, whom we trust, and what each request carries; none of it is shown. */
  record Access(Credentials credentials, Map<String, String> headers, Trust trust) {
    Access {
      headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
      return "headers " + headers.keySet();
    }
  }

  /**
   * How long is waited.
   *
   * @param connect for the connection
   * @param stall for the device to take some more of the image, or to answer a question
   * @param answer for the answer once it has taken all of it
   */
  record Limits(Duration connect, Duration stall, Duration answer) {}

  /**
   * In which form the image is sent: as it is, or in a part of a multipart form.
   *
   * @param isMultipart whether it is a form
   * @param field the form field with the image
   * @param fileName the file name that the device sees there
   * @param fields further fields, before the image; their values may hold placeholders
   */
  record Form(boolean isMultipart, String field, String fileName, Map<String, String> fields) {
    Form {
      // Map.copyOf would not keep the order, which some devices rely on.
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public String toString() {
      return isMultipart ? "multipart " + field + ", fields " + fields.keySet() : "raw";
    }
  }
}
