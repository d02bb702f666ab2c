package io.github.childconnector.adapter.httpupload;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

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
