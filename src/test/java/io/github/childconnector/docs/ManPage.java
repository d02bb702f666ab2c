package io.github.childconnector.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/**
 * The tags of a page of the manual, which is written with the macros of man(7).
 *
 * <pre>
 * .SS status
 * .TP
 * \fB\-\-config\fP \fIFILE\fP
 * The configuration.
 * </pre>
 *
 * @param tags in the order of the page
 */
@NullMarked
record ManPage(List<Tag> tags) {

  /**
   * What a paragraph describes.
   *
   * @param section the heading above it, for example {@code status}
   * @param text as it is shown, for example {@code --config FILE}
   */
  record Tag(String section, String text) {}

  static ManPage read(Path file) throws IOException {
    List<Tag> tags = new ArrayList<>();
    String section = "";
    String before = "";
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(".SH ") || line.startsWith(".SS ")) {
        section = shown(line);
      } else if (before.equals(".TP")) {
        tags.add(new Tag(section, shown(line)));
      }
      before = line;
    }
    return new ManPage(tags);
  }

  /** Without macro, fonts and escapes. */
  private static String shown(String line) {
    String text = line.startsWith(".") ? line.replaceFirst("\\S+ ", "").replace("\"", "") : line;
    return text.replaceAll("\\\\f[BIPR]", "").replace("\\-", "-");
  }

  /** The words of the tags in a section, without the commas between them. */
  List<String> words(String section) {
    return tags.stream()
        .filter(tag -> tag.section().equals(section))
        .flatMap(tag -> Arrays.stream(tag.text().split("[ ,]+")))
        .toList();
  }
}
