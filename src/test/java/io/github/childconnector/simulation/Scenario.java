package io.github.childconnector.simulation;

import io.github.childconnector.operation.ChildId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What is asked of the connector, and what its surroundings are like.
 *
 * @param requests in their order; one that was there before is the same request again
 * @param ends what may be told of each, but for {@code failed interrupted} after a cut
 */
record Scenario(String name, List<Request> requests, Set<String> ends, Set<Trait> traits) {
  static final String SUCCESS = "successful";
  static final String OLD = "1.0";

  /** What is not as in a good update. */
  enum Trait {
    /** The adapter may do an installation again. */
    REPEATABLE,
    /** The adapter cannot see versions. */
    BLIND,
    /** The device refuses the image. */
    BROKEN,
    /** The device takes the image and does not run it. */
    DEAF,
    /** The installation does not end by itself, and the device keeps what it has. */
    HANGING,
    /** The same, but once it is ended the device comes up with the new version. */
    LATE,
    /** The device is in use at first. */
    BUSY,
    /** A program that outlives its connector cannot be ended, and ends by itself. */
    STUBBORN,
    /** The device comes by itself, now and then. */
    COMING,
    /** The adapter can restore the old firmware. */
    RESTORABLE,
    /** The adapter has something to do to make an installation final. */
    COMMITTING,
    /** The requests break the contract. */
    INVALID,
    /** The file server's bytes are others than requested. */
    SPOILT,
    /** The file server's bytes are replaced while they are fetched. */
    REPLACED,
    /** Only two ended operations are remembered. */
    FORGETFUL,
    /** All requests are for the same image. */
    ONE_IMAGE,
    /** All children share a bus. */
    BUS,
    /** The connector is told to stop while it installs. */
    STOPPING,
    /** It waits for devices that are being written when it stops. */
    PATIENT,
    /** It waits for them, but they take longer than that. */
    IMPATIENT,
    /** The adapter answers an interrupt with a failure. */
    CLUMSY,
    /** A new version is read after the time for that, in spite of an interrupt. */
    SLOW,
    /** The broker acknowledges an end when the requester has asked for it again. */
    EAGER
  }

  /**
   * A request for a child.
   *
   * @param waits whether it is sent when all before it have ended
   */
  record Request(ChildId child, String id, boolean waits) {}

  static final List<Scenario> ALL =
      List.of(
          of("good", "plc:a", SUCCESS),
          of("repeatable", "plc:a", SUCCESS, Trait.REPEATABLE),
          of("blind", "plc:a", SUCCESS, Trait.BLIND),
          of("blind and repeatable", "plc:a", SUCCESS, Trait.BLIND, Trait.REPEATABLE),
          of("stubborn", "plc:a plc:b", SUCCESS, Trait.REPEATABLE, Trait.STUBBORN),
          of("rollback", "plc:a", "failed install-failed", Trait.BROKEN, Trait.RESTORABLE),
          of("no rollback", "plc:a", "failed install-failed", Trait.BROKEN),
          of("not confirmed", "plc:a", "failed not-confirmed", Trait.DEAF, Trait.RESTORABLE),
          of("committing", "plc:a", SUCCESS, Trait.COMMITTING),
          of("refused", "plc:a ghost:g", "failed request-invalid", Trait.INVALID),
          of("wrong image", "plc:a", "failed digest-mismatch", Trait.SPOILT),
          of("replaced image", "plc:a", SUCCESS, Trait.REPLACED),
          of("sent again", "plc:a !plc:a !plc:b !plc:a", SUCCESS),
          of("sent again at once", "plc:a plc:a !plc:a", SUCCESS),
          of("queued", "plc:a plc:b plc:c", SUCCESS),
          of("queued and refused", "plc:a plc:b plc:c", "failed install-failed", Trait.BROKEN),
          of("forgetting and pruning", "plc:a !plc:b !plc:c !plc:d", SUCCESS, Trait.FORGETFUL),
          of("hanging", "plc:a", "failed install-timeout", Trait.HANGING),
          of("blind and hanging", "plc:a", "failed install-timeout", Trait.HANGING, Trait.BLIND),
          of("late", "plc:a", SUCCESS, Trait.LATE),
          of("busy", "plc:a", SUCCESS, Trait.BUSY),
          of("coming", "plc:a plc:b", SUCCESS, Trait.COMING, Trait.REPEATABLE),
          of(
              "coming while it is stopped",
              "plc:a",
              SUCCESS,
              Trait.COMING,
              Trait.REPEATABLE,
              Trait.STOPPING,
              Trait.PATIENT),
          of("two children", "one:a two:b", SUCCESS, Trait.ONE_IMAGE),
          of("stopping", "plc:a", "failed install-timeout", Trait.HANGING, Trait.STOPPING),
          of(
              "stopping impatiently",
              "plc:a",
              "failed install-timeout",
              Trait.HANGING,
              Trait.STOPPING,
              Trait.IMPATIENT),
          of("stopping clumsily", "plc:a", SUCCESS, Trait.STOPPING, Trait.CLUMSY),
          of("slow to answer", "plc:a", SUCCESS, Trait.SLOW, Trait.COMMITTING),
          of("asked again eagerly", "plc:a !plc:a", SUCCESS, Trait.EAGER),
          of("stopping patiently", "plc:a", SUCCESS, Trait.STOPPING, Trait.PATIENT),
          of("a bus", "one:a two:b three:c one:d", SUCCESS, Trait.BUS, Trait.BUSY));

  /** Requests such as {@code plc:a !plc:b}: the second is sent when the first has ended. */
  private static Scenario of(String name, String requests, String end, Trait... traits) {
    return new Scenario(
        name,
        Arrays.stream(requests.split(" ", -1)).map(Scenario::request).toList(),
        Set.of(end),
        Set.of(traits));
  }

  private static Request request(String text) {
    String[] parts = text.replace("!", "").split(":", 2);
    return new Request(new ChildId(parts[0]), parts[1], text.startsWith("!"));
  }

  boolean is(Trait... any) {
    for (Trait trait : any) {
      if (traits.contains(trait)) {
        return true;
      }
    }
    return false;
  }

  /** The children that are configured. */
  List<ChildId> children() {
    return requests.stream()
        .map(Request::child)
        .filter(child -> !child.value().equals("ghost"))
        .distinct()
        .toList();
  }

  List<String> ids() {
    return requests.stream().map(Request::id).distinct().toList();
  }

  Request request(ChildId child, String id) {
    return requests.stream()
        .filter(each -> each.id.equals(id) && each.child.equals(child))
        .findFirst()
        .orElseThrow();
  }

  /** What may be told of the end of an operation. */
  boolean mayEnd(String id, String words) {
    return id.equals("g") ? words.equals("failed child-unknown") : ends.contains(words);
  }

  Optional<String> bus() {
    return is(Trait.BUS) ? Optional.of("rs485") : Optional.empty();
  }

  /** How long a stop waits for devices that are being written. */
  Duration grace() {
    int seconds = is(Trait.PATIENT) ? 20 : 0;
    return Duration.ofSeconds(is(Trait.IMPATIENT) ? 1 : seconds);
  }

  /** How long an installation may take. */
  Duration patience() {
    return is(Trait.HANGING, Trait.LATE) && !is(Trait.IMPATIENT)
        ? Duration.ofSeconds(2)
        : Duration.ofMinutes(5);
  }

  /** The version that a request is for. */
  String version(String id) {
    return is(Trait.ONE_IMAGE) ? "2.0" : "2." + id;
  }

  /** The bytes that a request is for. */
  byte[] image(String id) {
    return Images.bytes(version(id));
  }

  String digest(String id) {
    return DigestUtils.sha256Hex(image(id));
  }

  @Override
  public String toString() {
    return name;
  }
}
