package io.github.childconnector.cli;

import com.google.gson.JsonObject;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.thinedge.LegacyTopics;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A request as thin-edge's c8y-firmware-plugin sends it, with its keys in its order:
 *
 * <pre>
 * {"id":"tLrLthPXksKbqRqIsrDmy","attempt":1,"name":"OpenWRT","version":"22.03","sha256":"…","url":"http://…"}
 * </pre>
 *
 * @param update what is asked for; the child of its key is the external id
 */
record SampleRequest(FirmwareUpdate update) {
  /** The topics without a configuration, where every name is an external id. */
  private static final LegacyTopics TOPICS = new LegacyTopics(Map.of());

  private static final String CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";

  /**
   * A text that nobody else has, in the manner of nanoid. Thin-edge gives its operations names of
   * 21 characters, for example {@code tLrLthPXksKbqRqIsrDmy}.
   */
  static String randomName(int length) {
    return new SecureRandom()
        .ints(length, 0, CHARACTERS.length())
        .mapToObj(index -> CHARACTERS.substring(index, index + 1))
        .collect(Collectors.joining());
  }

  String topic() {
    return TOPICS.request(update.key().child());
  }

  String statusTopic() {
    return TOPICS.response(update.key());
  }

  /** The message, counting from 1 how often it has been sent. */
  byte[] message(int attempt) {
    JsonObject json = new JsonObject();
    json.addProperty("id", update.key().id());
    json.addProperty("attempt", attempt);
    json.addProperty("name", update.firmware().name());
    json.addProperty("version", update.firmware().version());
    json.addProperty("sha256", update.digest().hex());
    json.addProperty("url", update.url());
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
