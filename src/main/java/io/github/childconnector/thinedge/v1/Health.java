package io.github.childconnector.thinedge.v1;

import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The word of our service about itself, retained; {@link #down} is also what the broker says when
 * we are gone. Samples: {@code {"status":"up","pid":123,"time":1714676361}}, {@code
 * {"status":"down","pid":123}}.
 */
public final class Health {
  private Health() {}

  /** Says that the service runs, as this process, since or still at this time. */
  public static byte[] up(long pid, Instant time) {
    JsonObject health = health("up", pid);
    health.addProperty("time", time.getEpochSecond());
    return bytes(health);
  }

  /** Says that the service does not run, which was this process. */
  public static byte[] down(long pid) {
    return bytes(health("down", pid));
  }

  private static JsonObject health(String status, long pid) {
    JsonObject health = new JsonObject();
    health.addProperty("status", status);
    health.addProperty("pid", pid);
    return health;
  }

  private static byte[] bytes(JsonObject document) {
    return document.toString().getBytes(StandardCharsets.UTF_8);
  }
}
