package io.github.childconnector.adapter.module;

import io.github.childconnector.image.FirmwareImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A file that a module installs.
 *
 * @param size in bytes
 */
record PayloadFile(String name, long size, Source source) {

  /** The source of its bytes. */
  interface Source {
    InputStream open() throws IOException;
  }

  /** The configured files in the order of their names, and the image as the last. */
  static List<PayloadFile> all(ModuleSettings settings, FirmwareImage image) {
    Stream<PayloadFile> texts =
        settings.files().entrySet().stream()
            .sorted(Comparator.comparing(Map.Entry::getKey))
            .map(file -> text(file.getKey(), file.getValue()));
    PayloadFile last = new PayloadFile(settings.fileName(), image.size(), image::open);
    return Stream.concat(texts, Stream.of(last)).toList();
  }

  private static PayloadFile text(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new PayloadFile(name, bytes.length, () -> new ByteArrayInputStream(bytes));
  }
}
