package io.github.childconnector.thinedge.v1;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.thinedge.v1.Comparison.Difference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The retained message by which a child or our service is made known to thin-edge.
 *
 * <pre>{@code
 * te/device/plc-1//
 * {"@type":"child-device","@id":"gw7:device:plc-1","name":"PLC 1","type":"S7"}
 *
 * te/device/main/service/tedge-child-connector
 * {"@type":"service","@parent":"device/main//","name":"tedge-child-connector","type":"service"}
 * }</pre>
 *
 * @param fields the document, all of it texts, in its order
 */
public record Registration(String topic, Map<String, String> fields) {
  private static final String PARENT = "@parent";
  private static final String MAIN = "device/main//";

  /**
   * How a child is to be known.
   *
   * @param externalId its id in the cloud, only where it was configured: thin-edge makes one
   *     itself, and an id that is given later makes a second device
   * @param parent the topic id of what it is connected to; the main device if empty
   * @param name as people read it
   * @param type the kind of device, for example {@code S7}
   */
  public record Description(
      Optional<String> externalId,
      Optional<String> parent,
      Optional<String> name,
      Optional<String> type) {}

  /** Keeps its own copy of the fields. */
  public Registration {
    fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
  }

  /** The registration of a child. */
  public static Registration child(CommandTopics topics, ChildId child, Description description) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("@type", "child-device");
    description.externalId().ifPresent(id -> fields.put("@id", id));
    description.parent().ifPresent(parent -> fields.put(PARENT, parent));
    description.name().ifPresent(name -> fields.put("name", name));
    description.type().ifPresent(type -> fields.put("type", type));
    return new Registration(topics.entity(child), fields);
  }

  /** The registration of our service at the main device. */
  public static Registration service(CommandTopics topics) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("@type", "service");
    fields.put(PARENT, MAIN);
    fields.put("name", CommandTopics.SERVICE);
    fields.put("type", "service");
    return new Registration(topics.service(), fields);
  }

  /** Returns the document by which a child is said to take firmware updates. */
  public static byte[] capability() {
    return "{}".getBytes(StandardCharsets.UTF_8);
  }

  /** Returns what is to be published. */
  public byte[] document() {
    JsonObject document = new JsonObject();
    fields.forEach(document::addProperty);
    return document.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Compares with what the broker holds for the topic. Fields that are not configured are
   * thin-edge's own, whatever they say.
   *
   * @param held the retained message, empty if there is none
   */
  public Comparison compare(byte[] held) {
    if (held.length == 0) {
      return new Comparison(topic, false, List.of());
    }
    JsonObject there = object(held);
    List<Difference> differences = new ArrayList<>();
    fields.forEach(
        (field, wanted) -> {
          Optional<String> found = text(there, field);
          if (!found.equals(Optional.of(wanted))) {
            differences.add(new Difference(field, wanted, found));
          }
        });
    return new Comparison(topic, true, differences);
  }

  private static Optional<String> text(JsonObject there, String field) {
    Optional<String> text =
        there.get(field) instanceof JsonPrimitive value && value.isString()
            ? Optional.of(value.getAsString())
            : Optional.empty();
    return text.or(() -> field.equals(PARENT) ? Optional.of(MAIN) : Optional.empty());
  }

  private static JsonObject object(byte[] held) {
    try {
      return JsonParser.parseString(new String(held, StandardCharsets.UTF_8)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      return new JsonObject();
    }
  }
}
