package io.github.childconnector.adapter.module;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import io.github.childconnector.operation.Firmware;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The directory {@code header} of a file tree: what the header of a Mender artifact would hold, had
 * the image come in one.
 *
 * <pre>{@code
 * artifact_name   OpenWRT-22.03
 * artifact_group
 * payload_type    single-file
 * header-info     {"payloads":[{"type":"single-file"}],
 *                  "artifact_provides":{"artifact_name":"OpenWRT-22.03"},
 *                  "artifact_depends":{"device_type":["plc"]}}
 * type-info       {"type":"single-file"}
 * meta-data       {}
 * }</pre>
 */
final class Header {
  private static final Gson GSON =
      new GsonBuilder().setStrictness(Strictness.STRICT).disableHtmlEscaping().create();

  private Header() {}

  /** Makes one name of name and version, in one line. */
  static String artifactName(Firmware firmware) {
    String name =
        firmware.version().isBlank() ? firmware.name() : firmware.name() + "-" + firmware.version();
    return name.replaceAll("\\p{Cntrl}", " ");
  }

  /** Whether a text is a JSON object. */
  static boolean isObject(String text) {
    try {
      return GSON.fromJson(text, JsonObject.class) != null;
    } catch (JsonParseException e) {
      return false;
    }
  }

  /** The files with their contents. */
  static Map<String, String> files(ModuleSettings settings, Firmware firmware) {
    String artifactName = artifactName(firmware);
    Map<String, String> type = Map.of("type", settings.payloadType());
    Map<String, Object> info = new TreeMap<>();
    info.put("payloads", List.of(type));
    info.put("artifact_provides", Map.of("artifact_name", artifactName));
    info.put("artifact_depends", Map.of("device_type", List.of(settings.deviceType())));
    Map<String, String> files = new TreeMap<>();
    files.put("artifact_name", artifactName);
    files.put("artifact_group", "");
    files.put("payload_type", settings.payloadType());
    files.put("header-info", GSON.toJson(info));
    files.put("type-info", GSON.toJson(type));
    files.put("meta-data", settings.metaData());
    return files;
  }
}
