package io.github.childconnector.thinedge;

import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Request;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.thinedge.TextField.Kind;
import io.github.childconnector.thinedge.TextField.Presence;
import io.github.childconnector.update.UpdateQueue;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;

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
   * The legacy request: one JSON object in UTF-8, at most {@value RequestDocument#MAX_BYTES} bytes.
   * {@code id}, {@code name}, {@code version}, {@code sha256} and {@code url} are texts and
   * required (name and version may be empty, and have at most {@value TextField#MAX_NAME}
   * characters, the url {@value TextField#MAX_URL} bytes); {@code attempt} and whatever else there
   * is are ignored. {@code "force":true}, which thin-edge never sends, installs also what the
   * device seems to run already.
   *
   * <pre>{@code
   * {"id":"tLrLthPXksKbqRqIsrDmy","attempt":1,"name":"OpenWRT","version":"22.03",
   *  "sha256":"c036cbb7553a909f8b8877d4461924307f27ecb66cff928eeeafd569c3887e29",
   *  "url":"http://127.0.0.1:8000/te/v1/files/plc-1/firmware_update/93d50a297a8c235"}
   * }</pre>
   */
  static final class LegacyRequest {
    private static final List<TextField> TEXTS =
        List.of(
            new TextField("id", Presence.REQUIRED, Kind.ID),
            new TextField("name", Presence.REQUIRED, Kind.NAME),
            new TextField("sha256", Presence.REQUIRED, Kind.DIGEST),
            new TextField("url", Presence.REQUIRED, Kind.URL),
            new TextField("version", Presence.REQUIRED, Kind.NAME));

    private final ChildId child;
    private final RequestDocument document;

    /** Reads a payload that arrived for a child; never fails, whatever the bytes are. */
    LegacyRequest(ChildId child, byte[] payload) {
      this.child = child;
      this.document = RequestDocument.read(payload, TEXTS);
    }

    /** The operation to answer to; empty if no id could be read that is safe to repeat. */
    Optional<OperationKey> key() {
      return document
          .text("id")
          .filter(OperationKey::isValidId)
          .map(id -> new OperationKey(child, id));
    }

    /** Why the request cannot be carried out; empty if it can. */
    Optional<Failure> problem() {
      return document.problem();
    }

    /** Returns what a request without a problem asks for. */
    FirmwareUpdate update() {
      Firmware firmware = new Firmware(field("name"), field("version"));
      Sha256 digest = new Sha256(field("sha256"));
      return new FirmwareUpdate(
          key().orElseThrow(), firmware, digest, field("url"), document.isTrue("force"));
    }

    private String field(String name) {
      return document.text(name).orElseThrow();
    }
  }
}
