package io.github.childconnector.thinedge;

import io.github.childconnector.mqtt.Delivery;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.update.UpdateQueue;
import java.lang.System.Logger.Level;
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
      queue.accept(request.update());
    } else if (request.key().isPresent()) {
      queue.refuse(request.key().get(), problem.get());
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
}
