package io.github.childconnector.adapter.httpupload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MultipartTest {
  private static final Multipart FORM = new Multipart("AaB03x");

  private static String head(Map<String, String> fields, String field, String fileName) {
    return new String(FORM.head(fields, field, fileName), UTF_8);
  }

  /** The form of RFC 7578 and of RFC 2388 before it, for one file. */
  @Test
  void isTheStandardsForm() {
    assertThat(head(Map.of("submit-name", "Larry"), "files", "file1.txt"))
        .isEqualTo(
            """
            --AaB03x\r
            Content-Disposition: form-data; name="submit-name"\r
            \r
            Larry\r
            --AaB03x\r
            Content-Disposition: form-data; name="files"; filename="file1.txt"\r
            Content-Type: application/octet-stream\r
            \r
            """);
    assertThat(new String(FORM.tail(), UTF_8)).isEqualTo("\r\n--AaB03x--\r\n");
    assertThat(FORM.contentType()).isEqualTo("multipart/form-data; boundary=AaB03x");
  }

  @Test
  void theOrderOfTheFieldsStays() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("z", "1");
    fields.put("a", "2");

    assertThat(head(fields, "f", "n")).containsSubsequence("name=\"z\"", "name=\"a\"", "filename");
  }

  @Test
  void namesCannotEndEarly() {
    assertThat(head(Map.of(), "a\"b", "c\r\nd-ü"))
        .contains("name=\"a%22b\"; filename=\"c%0D%0Ad-ü\"\r\n");
  }
}
