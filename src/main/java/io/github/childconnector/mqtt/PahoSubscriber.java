package io.github.childconnector.mqtt;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Subscribes over one connection, and remembers what the broker refuses. Used by one thread. */
final class PahoSubscriber {
  private static final System.Logger LOG = System.getLogger(PahoSubscriber.class.getName());
  private static final int QOS = 1;
  private static final int ERROR = 128;

  private final MqttAsyncClient client;
  private final PahoAnswers answers;
  private final Diagnosis diagnosis;
  private final Duration limit;
  private List<String> refused = List.of();

  /** Each answer of the broker may take {@code limit}. */
  PahoSubscriber(MqttAsyncClient client, PahoAnswers answers, Diagnosis diagnosis, Duration limit) {
    this.client = client;
    this.answers = answers;
    this.diagnosis = diagnosis;
    this.limit = limit;
  }

  /**
   * The subscriptions of a link.
   *
   * @param wanted the filters to subscribe to
   * @param dropped others that the broker's session may hold, and is to give up
   */
  record Subscriptions(Set<String> wanted, Set<String> dropped) {
    static final Subscriptions NONE = new Subscriptions(Set.of(), Set.of());

    Subscriptions {
      Set<String> unwanted = new HashSet<>(dropped);
      unwanted.removeAll(wanted);
      wanted = Set.copyOf(wanted);
      dropped = Set.copyOf(unwanted);
    }

    /** Subscriptions to these filters instead: whatever is not among them is dropped. */
    Subscriptions changedTo(Set<String> filters) {
      return new Subscriptions(filters, wanted).dropping(dropped);
    }

    Subscriptions dropping(Set<String> filters) {
      Set<String> all = new HashSet<>(dropped);
      all.addAll(filters);
      return new Subscriptions(wanted, all);
    }
  }

  /**
   * Subscribes to all that is wanted at once, and gives up the rest.
   *
   * @return why the broker refuses some; empty if it grants all
   */
  Optional<String> subscribe(Subscriptions subscriptions) throws IOException, InterruptedException {
    try {
      Optional<String> refusal = subscribe(subscriptions.wanted());
      unsubscribe(subscriptions.dropped());
      return refusal;
    } catch (MqttException | IllegalArgumentException e) {
      throw answers.failure(e);
    }
  }

  /** Tries again what was refused, with the same result. */
  Optional<String> retry() throws IOException, InterruptedException {
    return subscribe(new Subscriptions(Set.copyOf(refused), Set.of()));
  }

  private Optional<String> subscribe(Collection<String> filters)
      throws IOException, InterruptedException, MqttException {
    List<String> sorted = filters.stream().sorted().toList();
    if (sorted.isEmpty()) {
      return Optional.empty();
    }
    PahoAnswers.Answer suback = answers.expect();
    client.subscribe(
        sorted.stream()
            .map(filter -> new MqttSubscription(filter, QOS))
            .toArray(MqttSubscription[]::new),
        null,
        suback,
        new MqttProperties());
    int[] codes = answers.codes(suback, limit, "the subscription");
    int[] failed = IntStream.range(0, codes.length).filter(i -> codes[i] >= ERROR).toArray();
    refused = IntStream.of(failed).mapToObj(sorted::get).toList();
    return refused.isEmpty()
        ? Optional.empty()
        : Optional.of(diagnosis.subscriptionsRefused(refused, codes[failed[0]]));
  }

  /** Gives up subscriptions, whether the session holds them or not. */
  private void unsubscribe(Collection<String> filters)
      throws IOException, InterruptedException, MqttException {
    if (!filters.isEmpty()) {
      PahoAnswers.Answer unsuback = answers.expect();
      client.unsubscribe(filters.toArray(String[]::new), null, unsuback, new MqttProperties());
      int[] codes = answers.codes(unsuback, limit, "the end of a subscription");
      if (IntStream.of(codes).anyMatch(code -> code >= ERROR)) {
        LOG.log(Level.WARNING, "The broker refuses to end subscriptions to {0}", filters);
      }
    }
  }
}
