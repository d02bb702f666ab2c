package io.github.childconnector.world;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;

/**
 * A link that notes when the end of an operation is told, beside the storage directory: whoever
 * hears of it may hear two ends at once that stood still on their way. All processes of a machine
 * have the same {@link System#nanoTime}.
 *
 * <pre>
 * 81523410976113 op
 * </pre>
 */
@NullMarked
public final class NotedLink extends ForwardingLink {
  private final Path notes;

  /** Notes what goes by a link, for the connector with this configuration. */
  public NotedLink(MqttLink link, String config) {
    super(link);
    this.notes = Path.of(config).resolveSibling("ends");
  }

  /** When each end was told, by the ids of the operations. */
  static Map<String, List<Long>> read(Path storage) {
    Map<String, List<Long>> ends = new HashMap<>();
    try {
      Path notes = storage.resolveSibling("ends");
      for (String line : Files.exists(notes) ? Files.readAllLines(notes) : List.<String>of()) {
        String[] words = line.split(" ", 2);
        ends.computeIfAbsent(words[1], id -> new ArrayList<>()).add(Long.valueOf(words[0]));
      }
      return ends;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(byte[] payload) {
    JsonObject status =
        JsonParser.parseString(new String(payload, StandardCharsets.UTF_8)).getAsJsonObject();
    if (!status.get("status").getAsString().equals("executing")) {
      String line = System.nanoTime() + " " + status.get("id").getAsString() + "\n";
      // In one piece, because the process may be killed.
      try (FileOutputStream file = new FileOutputStream(notes.toFile(), true)) {
        file.write(line.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public boolean publish(String topic, byte[] payload)
      throws PublishException, InterruptedException {
    note(payload);
    return super.publish(topic, payload);
  }
}
