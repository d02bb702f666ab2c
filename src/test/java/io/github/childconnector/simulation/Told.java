package io.github.childconnector.simulation;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A status as it was published.
 *
 * @param words its first words, for example {@code successful} or {@code failed interrupted}
 * @param text the whole
 */
record Told(String id, String words, String text) {
  private static final Pattern HELD =
      Pattern.compile(
          "(?:The device runs (.*?)|The device does not answer|Which version it runs now could not be read)\\.(?=[ \"]|$)");

  static Told of(byte[] payload) {
    String text = new String(payload, StandardCharsets.UTF_8);
    JsonObject document = JsonParser.parseString(text).getAsJsonObject();
    String reason = document.has("reason") ? document.get("reason").getAsString() : "";
    String words = document.get("status").getAsString() + " " + reason.split(":", 2)[0];
    return new Told(document.get("id").getAsString(), words.strip(), text);
  }

  boolean isEnd() {
    return !words.equals("executing");
  }

  boolean isSuccess() {
    return words.equals(Scenario.SUCCESS);
  }

  /** Which version the device runs, if that is the last that it says of it. */
  Optional<String> held() {
    List<MatchResult> held = HELD.matcher(text).results().toList();
    return held.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(held.get(held.size() - 1).group(1));
  }

  @Override
  public String toString() {
    return id + " " + words;
  }
}
