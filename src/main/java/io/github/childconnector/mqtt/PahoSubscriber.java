package io.github.childconnector.mqtt;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/** Subscribes over one connection, and remembers what the broker refuses. Used by one thread. */
final class PahoSubscriber {
  private static final Logger LOG = System.getLogger(PahoSubscriber.class.getName());
  private static final int QOS = 1;
  private static final int ERROR = 128;

  private final MqttAsyncClient client;
  private final Answers answers;
  private final Diagnosis diagnosis;
  private final Duration limit;
  private List<String> refused = List.of();

  /** Each answer of the broker may take {@code limit}. */
  PahoSubscriber(MqttAsyncClient client, Answers answers, Diagnosis diagnosis, Duration limit) {
    this.client = client;
    this.answers = answers;
    this.diagnosis = diagnosis;
    this.limit = limit;
  }

  /**
   * Subscribes to all filters at once.
   *
   * @param sentence puts a failure of the library into words
   * @return why the broker refuses some; empty if it grants all
   */
  Optional<String> subscribe(Collection<String> filters, Function<Throwable, String> sentence)
      throws LinkException, InterruptedException, MqttException {
    List<String> sorted = filters.stream().sorted().toList();
    if (sorted.isEmpty()) {
      return Optional.empty();
    }
    PahoAnswer suback = expected(sentence);
    client.subscribe(
        sorted.stream()
            .map(filter -> new MqttSubscription(filter, QOS))
            .toArray(MqttSubscription[]::new),
        null,
        suback,
        new MqttProperties());
    int[] codes = codes(suback, "the subscription");
    int[] failed = IntStream.range(0, codes.length).filter(i -> codes[i] >= ERROR).toArray();
    refused = IntStream.of(failed).mapToObj(sorted::get).toList();
    return refused.isEmpty()
        ? Optional.empty()
        : Optional.of(diagnosis.subscriptionsRefused(refused, codes[failed[0]]));
  }

  /** Tries again what was refused; see {@link #subscribe}. */
  Optional<String> retry(Function<Throwable, String> sentence)
      throws LinkException, InterruptedException, MqttException {
    return subscribe(refused, sentence);
  }

  /** Gives up subscriptions, whether the session holds them or not. */
  void unsubscribe(Collection<String> filters, Function<Throwable, String> sentence)
      throws LinkException, InterruptedException, MqttException {
    if (!filters.isEmpty()) {
      PahoAnswer unsuback = expected(sentence);
      client.unsubscribe(filters.toArray(String[]::new), null, unsuback, new MqttProperties());
      if (IntStream.of(codes(unsuback, "the end of a subscription")).anyMatch(c -> c >= ERROR)) {
        LOG.log(Level.WARNING, "The broker refuses to end subscriptions to {0}", filters);
      }
    }
  }

  private PahoAnswer expected(Function<Throwable, String> sentence) {
    PahoAnswer answer = new PahoAnswer(sentence);
    answers.expect(answer);
    return answer;
  }

  private int[] codes(PahoAnswer answer, String what) throws LinkException, InterruptedException {
    return Optional.ofNullable(
            answers.await(answer, limit, diagnosis.unanswered(what, limit)).getReasonCodes())
        .orElseGet(() -> new int[0]);
  }
}
