package io.github.childconnector.thinedge;

import com.google.gson.JsonObject;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.OperationStatus;
import io.github.childconnector.operation.Outcome;
import io.github.childconnector.operation.Request;
import io.github.childconnector.update.Requester;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reports by the legacy contract: QoS 1, not retained, one JSON object.
 *
 * <pre>{@code
 * {"id":"tLrLthPXksKbqRqIsrDmy","status":"failed","reason":"digest-mismatch: The image at …"}
 * }</pre>
 *
 * <p>A success has a reason only where nothing had to be flashed, which thin-edge does not read.
 */
public final class LegacyStatuses implements Requester {
  private static final System.Logger LOG = System.getLogger(LegacyStatuses.class.getName());

  /**
   * How long the next operation of a child is not spoken of after an end: thin-edge's firmware
   * plugin (1.1.0 and later) closes "the executing operation" a second time right after each end,
   * some 50 ms later where it was measured, and the cloud would take that for the next one.
   */
  static final Duration AFTER_END = Duration.ofMillis(1500);

  /** The part of the plugin's timeout after which a queued operation is spoken of all the same. */
  private static final int PARTS = 4;

  private final LegacyTopics topics;
  private final MqttLink link;
  private final Pacing pacing;
  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  /**
   * Reports on these topics.
   *
   * @param updateTimeout how long thin-edge waits for a word about an operation before it gives it
   *     up
   */
  public LegacyStatuses(LegacyTopics topics, MqttLink link, Duration updateTimeout) {
    this.topics = topics;
    this.link = link;
    this.pacing = new Pacing(AFTER_END, updateTimeout.dividedBy(PARTS));
  }

  @Override
  public String name() {
    return Request.LEGACY;
  }

  /** The plugin closes operations in the cloud by their order, and not by their ids. */
  @Override
  public Pacing pacing() {
    return pacing;
  }

  @Override
  public boolean executing(OperationKey operation) throws InterruptedException {
    return report(operation, OperationStatus.EXECUTING, Optional.empty());
  }

  @Override
  public boolean ended(OperationKey operation, Outcome outcome) throws InterruptedException {
    return report(
        operation, outcome.status(), outcome.failure().map(Failure::reason).or(outcome::notice));
  }

  private boolean report(OperationKey operation, OperationStatus status, Optional<String> reason)
      throws InterruptedException {
    String topic = topics.response(operation);
    try {
      link.publish(topic, payload(operation, status, reason));
      noteTaken(topic);
      return true;
    } catch (PublishException e) {
      LOG.log(
          e.isPermanent() && refused.add(topic) ? Level.ERROR : Level.DEBUG,
          "The status {0} is not reported yet: {1} {2}",
          status.word(),
          e.getMessage(),
          operation);
      return false;
    }
  }

  /** A refusal is worth one line, not one at every heartbeat; so is its end. */
  private void noteTaken(String topic) {
    if (refused.remove(topic)) {
      LOG.log(Level.INFO, "The broker takes messages to {0} again", topic);
    }
  }

  private static byte[] payload(
      OperationKey operation, OperationStatus status, Optional<String> reason) {
    JsonObject document = new JsonObject();
    document.addProperty("id", operation.id());
    document.addProperty("status", status.word());
    reason.ifPresent(why -> document.addProperty("reason", why));
    return document.toString().getBytes(StandardCharsets.UTF_8);
  }
}
