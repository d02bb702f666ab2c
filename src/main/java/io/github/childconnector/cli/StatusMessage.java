package io.github.childconnector.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.childconnector.operation.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A status as a child answers it, read with more patience than thin-edge has:
 *
 * <pre>
 * {"id":"tLrLthPXksKbqRqIsrDmy","status":"failed","reason":"device-busy: …"}
 * </pre>
 *
 * @param reason empty where there is none; without control characters
 */
record StatusMessage(String id, String status, String reason) {

  /** Keeps whatever a device wrote from steering the terminal. */
  StatusMessage {
    reason = Failure.oneLine(reason).strip();
  }

  /** Empty for what is no status. */
  static Optional<StatusMessage> read(byte[] message) {
    try {
      JsonElement json = JsonParser.parseString(new String(message, StandardCharsets.UTF_8));
      return json.isJsonObject() ? read(json.getAsJsonObject()) : Optional.empty();
    } catch (JsonParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<StatusMessage> read(JsonObject json) {
    return text(json, "id")
        .flatMap(
            id ->
                text(json, "status")
                    .map(status -> new StatusMessage(id, status, text(json, "reason").orElse(""))));
  }

  private static Optional<String> text(JsonObject json, String key) {
    return Optional.ofNullable(json.get(key))
        .filter(JsonElement::isJsonPrimitive)
        .map(JsonElement::getAsString);
  }
}
