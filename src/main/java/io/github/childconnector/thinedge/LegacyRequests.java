package io.github.childconnector.thinedge;

import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.update.UpdateQueue;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes the legacy contract's requests to the engine. A message is acknowledged when its request is
 * in the journal or has been found useless, and whatever it holds, the next one is taken.
 */
public final class LegacyRequests {
  private static final System.Logger LOG = System.getLogger(LegacyRequests.class.getName());

  private final LegacyTopics topics;
  private final UpdateQueue queue;

  public LegacyRequests(LegacyTopics topics, UpdateQueue queue) {
    this.topics = topics;
    this.queue = queue;
  }

  public void receive(Delivery delivery) throws InterruptedException {
    Optional<ChildId> child = topics.child(delivery.topic());
    if (child.isEmpty()) {
      LOG.log(Level.WARNING, "Ignored a message on the unexpected topic {0}", delivery.topic());
    } else if (delivery.payload().length == 0) {
      LOG.log(Level.WARNING, "Ignored an empty request child={0}", child.get());
    } else {
      take(new LegacyRequest(child.get(), delivery.payload()), delivery);
    }
    delivery.acknowledge();
  }

  private void take(LegacyRequest request, Delivery delivery) throws InterruptedException {
    Optional<Failure> problem = request.problem().or(() -> retained(delivery));
    if (problem.isEmpty()) {
      queue.accept(Request.LEGACY, request.update());
    } else if (request.key().isPresent()) {
      queue.refuse(new Request(Request.LEGACY, request.key().get()), problem.get());
    } else {
      LOG.log(
          Level.WARNING,
          "Dropped a request on {0} that cannot be answered: {1}",
          delivery.topic(),
          problem.get().sentence());
    }
  }

  /** A retained request would come again at every connection, long after its time. */
  private static Optional<Failure> retained(Delivery delivery) {
    return Optional.of(
            new Failure(
                FailureCode.REQUEST_INVALID,
                "The request was retained by the broker, so it may be an old one. Publish requests"
                    + " without the retain flag, and clear the topic with an empty retained"
                    + " message."))
        .filter(refusal -> delivery.isRetained());
  }

  /**
   * The legacy request: one JSON object in UTF-8, at most {@value #MAX_BYTES} bytes. {@code id},
   * {@code name}, {@code version}, {@code sha256} and {@code url} are texts and required (name and
   * version may be empty, and have at most {@value #MAX_NAME} characters, the url {@value #MAX_URL}
   * bytes); {@code attempt} and whatever else there is are ignored. {@code "force":true}, which
   * thin-edge never sends, installs also what the device seems to run already.
   *
   * <pre>{@code
   * {"id":"tLrLthPXksKbqRqIsrDmy","attempt":1,"name":"OpenWRT","version":"22.03",
   *  "sha256":"c036cbb7553a909f8b8877d4461924307f27ecb66cff928eeeafd569c3887e29",
   *  "url":"http://127.0.0.1:8000/te/v1/files/plc-1/firmware_update/93d50a297a8c235"}
   * }</pre>
   */
  static final class LegacyRequest {
    static final int MAX_BYTES = 64 * 1024;

    /** Characters of a name or version: more than any device names itself by. */
    static final int MAX_NAME = 256;

    /** Bytes of a URL: what file servers take, and little enough for thousands of requests. */
    static final int MAX_URL = 4096;

    private static final int MAX_NESTING = 32;
    private static final Set<String> FIELDS = Set.of("id", "name", "version", "sha256", "url");
    private static final String FORCE = "force";
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private final ChildId child;
    private final Map<String, String> fields = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private Optional<String> problem = Optional.empty();
    private boolean isForced;

    /** Reads a payload that arrived for a child; never fails, whatever the bytes are. */
    LegacyRequest(ChildId child, byte[] payload) {
      this.child = child;
      readFields(payload);
      checkFields();
    }

    private void readFields(byte[] payload) {
      if (payload.length > MAX_BYTES) {
        note("it has " + payload.length + " bytes, more than " + MAX_BYTES);
        return;
      }
      try (JsonReader reader = new JsonReader(new StringReader(text(payload)))) {
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(MAX_NESTING);
        readObject(reader);
      } catch (CharacterCodingException e) {
        note("it is not UTF-8");
      } catch (EOFException
          | MalformedJsonException
          | IllegalStateException
          | JsonParseException e) {
        note("it is not one whole JSON object");
      } catch (IOException e) {
        note("it cannot be read as JSON");
      }
    }

    private static String text(byte[] payload) throws CharacterCodingException {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    }

    private void readObject(JsonReader reader) throws IOException {
      reader.beginObject();
      while (reader.hasNext()) {
        readField(reader);
      }
      reader.endObject();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        note("something follows the JSON object");
      }
    }

    private void readField(JsonReader reader) throws IOException {
      String name = reader.nextName();
      if (!seen.add(name)) {
        // Which of the two is meant is anybody's guess, so neither is taken.
        fields.remove(name);
        note("the field " + name + " is there twice");
        reader.skipValue();
      } else if (name.equals(FORCE) && reader.peek() == JsonToken.BOOLEAN) {
        isForced = reader.nextBoolean();
      } else if (FIELDS.contains(name) && reader.peek() == JsonToken.STRING) {
        fields.put(name, reader.nextString());
      } else {
        if (FIELDS.contains(name)) {
          note("the field " + name + " is not a text");
        }
        reader.skipValue();
      }
    }

    private void note(String found) {
      if (problem.isEmpty()) {
        problem = Optional.of(found);
      }
    }

    /** The operation to answer to; empty if no id could be read that is safe to repeat. */
    Optional<OperationKey> key() {
      return Optional.ofNullable(fields.get("id"))
          .filter(OperationKey::isValidId)
          .map(id -> new OperationKey(child, id));
    }

    /** Why the request cannot be carried out; empty if it can. */
    Optional<Failure> problem() {
      return problem.map(
          found ->
              new Failure(
                  FailureCode.REQUEST_INVALID,
                  "The request is not one: " + found + ". Nothing was changed on the device."));
    }

    /** Returns what a request without a problem asks for. */
    FirmwareUpdate update() {
      Firmware firmware = new Firmware(field("name"), field("version"));
      Sha256 digest = new Sha256(field("sha256"));
      return new FirmwareUpdate(key().orElseThrow(), firmware, digest, field("url"), isForced);
    }

    private void checkFields() {
      FIELDS.stream()
          .sorted()
          .filter(name -> !fields.containsKey(name))
          .forEach(name -> note("the field " + name + " is missing"));
      if (!OperationKey.isValidId(field("id"))) {
        note("the id is not 1 to 128 characters of A-Z a-z 0-9 _ - . :");
      }
      if (!Sha256.isValid(field("sha256"))) {
        note("the sha256 is not 64 hexadecimal digits");
      }
      if (CONTROL.matcher(field("name") + field("version") + field("url")).find()) {
        note("the name, version or url has control characters");
      }
      checkLengths();
    }

    private void checkLengths() {
      for (String name : List.of("name", "version")) {
        int length = field(name).codePointCount(0, field(name).length());
        if (length > MAX_NAME) {
          note(tooLong(name, length, MAX_NAME + " characters"));
        }
      }
      int length = field("url").getBytes(StandardCharsets.UTF_8).length;
      if (length > MAX_URL) {
        note(tooLong("url", length, MAX_URL + " bytes"));
      }
    }

    private static String tooLong(String field, int length, String limit) {
      return "the %s has %d, more than %s; give it a shorter one".formatted(field, length, limit);
    }

    private String field(String name) {
      return fields.getOrDefault(name, "");
    }
  }
}
