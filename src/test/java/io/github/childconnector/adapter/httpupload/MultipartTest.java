package io.github.childconnector.adapter.httpupload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultipartTest {
  private static final String BOUNDARY = "AaB03x";

  @TempDir private Path directory;

  private String head(Map<String, String> fields, String field, String fileName)
      throws IOException {
    ImageValues values =
        new ImageValues(new Bench(directory).installation("image".getBytes(UTF_8)));
    return new String(new Multipart(field, fileName, fields).head(BOUNDARY, values), UTF_8);
  }

  /** The form of RFC 7578 and of RFC 2388 before it, for one file. */
  @Test
  void isTheStandardsForm() throws IOException {
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
    assertThat(new String(Multipart.tail(BOUNDARY), UTF_8)).isEqualTo("\r\n--AaB03x--\r\n");
    assertThat(Multipart.contentType(BOUNDARY)).isEqualTo("multipart/form-data; boundary=AaB03x");
  }

  @Test
  void theOrderOfTheFieldsStays() throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("z", "1");
    fields.put("a", "2");

    assertThat(head(fields, "f", "n")).containsSubsequence("name=\"z\"", "name=\"a\"", "filename");
  }

  @Test
  void namesCannotEndEarly() throws IOException {
    assertThat(head(Map.of(), "a\"b", "c\r\nd-ü"))
        .contains("name=\"a%22b\"; filename=\"c%0D%0Ad-ü\"\r\n");
  }
}
