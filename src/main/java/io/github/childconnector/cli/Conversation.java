package io.github.childconnector.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.childconnector.clock.DurationText;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.MonotonicClock.Timer;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.mqtt.MqttLink;
import io.github.childconnector.mqtt.PublishException;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.thinedge.LegacyTopics;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;

/**
 * A request from its first sending to the final status.
 *
 * <p>Everything that happens, time-outs included, is an event that the calling thread takes from
 * one queue. When the link comes back after an interruption the request is sent again under the
 * same id, as thin-edge does: a connector answers that with where it stands, so no status is lost.
 */
final class Conversation implements MqttLink.Listener {
  private static final Duration REACH_LIMIT = Duration.ofSeconds(15);

  private final BlockingQueue<Event> events;
  private final SampleRequest request;
  private final MqttLink link;
  private final RequestDisplay display;
  private final MonotonicClock clock;
  private int attempts;
  private boolean isSent;
  private boolean isExecuting;
  private String trouble = "";

  /** Something that happened; present is the exit code it ends the conversation with. */
  private interface Event {
    OptionalInt apply() throws CommandException, InterruptedException;
  }

  Conversation(SampleRequest request, MqttLink link, RequestDisplay display, MonotonicClock clock) {
    this.request = request;
    this.link = link;
    this.display = display;
    this.clock = clock;
    this.events = clock.threads().queue();
  }

  /**
   * Returns the exit code by which the command tells how the child ended the operation.
   *
   * @throws CommandException the broker could not be reached, or there was no end in time
   */
  int hold(Duration limit) throws CommandException, InterruptedException {
    Timer reach = clock.schedule(REACH_LIMIT, () -> events.add(this::giveUpReaching));
    Timer end = clock.schedule(limit, () -> events.add(() -> giveUpWaiting(limit)));
    try {
      link.start(Set.of(request.statusTopic()), this);
      OptionalInt exitCode = OptionalInt.empty();
      while (exitCode.isEmpty()) {
        exitCode = events.take().apply();
      }
      return exitCode.getAsInt();
    } finally {
      reach.cancel();
      end.cancel();
    }
  }

  @Override
  public void up() {
    events.add(this::send);
  }

  @Override
  public void refused(String why) {
    down(why);
  }

  @Override
  public void down(String why) {
    events.add(() -> await(why));
  }

  @Override
  public void received(Delivery delivery) {
    delivery.acknowledge();
    StatusMessage.read(delivery.payload())
        .filter(status -> status.id().equals(request.update().key().id()))
        .ifPresent(status -> events.add(() -> show(status)));
  }

  private OptionalInt send() throws CommandException, InterruptedException {
    attempts++;
    try {
      link.publish(request.topic(), request.message(attempts));
      display.line(
          isSent ? "request sent again" : "request " + request.update().key().id() + " sent");
      isSent = true;
      trouble = "";
      return OptionalInt.empty();
    } catch (PublishException e) {
      if (e.isPermanent()) {
        throw unavailable("The broker does not take the request: " + e.getMessage());
      }
      return await(String.valueOf(e.getMessage()));
    }
  }

  private OptionalInt await(String why) {
    if (!why.equals(trouble)) {
      trouble = why;
      display.line("waiting for the broker: " + why);
    }
    return OptionalInt.empty();
  }

  private OptionalInt show(StatusMessage status) {
    switch (status.status()) {
      case "executing" -> showExecuting();
      case "successful" -> {
        display.line(status.reason().isEmpty() ? "successful" : "successful: " + status.reason());
        return OptionalInt.of(ExitCode.OK);
      }
      case "failed" -> {
        display.line(status.reason().isEmpty() ? "failed" : "failed: " + status.reason());
        return OptionalInt.of(ExitCode.SOFTWARE);
      }
      default -> display.line("a status thin-edge does not know, which it would ignore");
    }
    return OptionalInt.empty();
  }

  private void showExecuting() {
    if (!isExecuting) {
      isExecuting = true;
      display.line("executing");
    }
  }

  private OptionalInt giveUpReaching() throws CommandException {
    if (isSent) {
      return OptionalInt.empty();
    }
    throw unavailable(
        "The broker could not be reached within %d seconds: %s"
            .formatted(REACH_LIMIT.toSeconds(), trouble()));
  }

  private OptionalInt giveUpWaiting(Duration limit) throws CommandException {
    throw unavailable("No final status within " + DurationText.write(limit) + ". " + remedy());
  }

  private String remedy() {
    if (!isSent) {
      return "The broker could not be reached: " + trouble();
    }
    if (isExecuting) {
      return "The connector is still at it; 'tedge-child-connector status' and its log say where.";
    }
    return "Is the connector running on this broker (systemctl status tedge-child-connector), and is one of its children known to thin-edge as %s (tedge-child-connector check-config)?"
        .formatted(request.update().key().child());
  }

  private String trouble() {
    return trouble.isEmpty() ? "it did not answer; is it running?" : trouble;
  }

  private static CommandException unavailable(String sentence) {
    return new CommandException(ExitCode.UNAVAILABLE, sentence);
  }

  /**
   * A status as a child answers it, read with more patience than thin-edge has:
   *
   * <pre>
   * {"id":"tLrLthPXksKbqRqIsrDmy","status":"failed","reason":"device-busy: …"}
   * </pre>
   *
   * @param reason empty where there is none; without control characters
   */
  private record StatusMessage(String id, String status, String reason) {

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
                      .map(
                          status ->
                              new StatusMessage(id, status, text(json, "reason").orElse(""))));
    }

    private static Optional<String> text(JsonObject json, String key) {
      return Optional.ofNullable(json.get(key))
          .filter(JsonElement::isJsonPrimitive)
          .map(JsonElement::getAsString);
    }
  }

  /**
   * A request as thin-edge's c8y-firmware-plugin sends it, with its keys in its order:
   *
   * <pre>
   * {"id":"tLrLthPXksKbqRqIsrDmy","attempt":1,"name":"OpenWRT","version":"22.03","sha256":"…","url":"http://…"}
   * </pre>
   *
   * <p>With {@code "force":true} behind them where it is forced, which thin-edge never sends.
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
      json.addProperty("sha256", update.knownDigest().hex());
      json.addProperty("url", update.url());
      if (update.isForced()) {
        json.addProperty("force", true);
      }
      return json.toString().getBytes(StandardCharsets.UTF_8);
    }
  }
}
