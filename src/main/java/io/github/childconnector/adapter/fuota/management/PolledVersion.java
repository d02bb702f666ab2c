package io.github.childconnector.adapter.fuota.management;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The version in the query of a poll, for example {@code app_ver=0.1.0}. The client escapes
 * nothing, so a plus is a plus, and no blank.
 */
public final class PolledVersion {
  private static final String KEY = "app_ver=";

  private PolledVersion() {}

  /** Empty if the query has none, an empty one, more than one, or one that cannot be decoded. */
  public static Optional<String> in(@Nullable String query) {
    List<String> values =
        Stream.of(query == null ? "" : query)
            .flatMap(text -> Stream.of(text.split("&")))
            .filter(part -> part.startsWith(KEY))
            .map(part -> part.substring(KEY.length()))
            .toList();
    return values.size() == 1 ? decode(values.get(0)) : Optional.empty();
  }

  private static Optional<String> decode(String value) {
    try {
      String text = URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
      return Optional.of(text).filter(version -> !version.isBlank());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
