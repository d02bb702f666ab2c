package io.github.childconnector.mqtt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;

/** Publishes over one connection, within what the broker allowed when it accepted it. */
final class PahoPublisher {
  /** The most bytes that surround topic and payload in a packet. */
  private static final int OVERHEAD = 16;

  private static final int MOST_IN_FLIGHT = 8;

  /** A slower link is as good as none: 16 KiB in a second. */
  private static final int SLOWEST_SHIFT = 14;

  private static final int QOS = 1;
  private static final int NOBODY = 16;
  private static final int ERROR = 128;

  private final MqttAsyncClient client;
  private final PahoAnswers answers;
  private final Diagnosis diagnosis;
  private final Duration limit;
  private final Semaphore slots = new Semaphore(0, true);
  private final Object sending = new Object();
  private volatile long largestPacket;

  /**
   * Publishes nothing before {@link #allow}; each acknowledgement may take {@code limit}, and as
   * much longer as a large message takes on a slow link.
   */
  PahoPublisher(MqttAsyncClient client, PahoAnswers answers, Diagnosis diagnosis, Duration limit) {
    this.client = client;
    this.answers = answers;
    this.diagnosis = diagnosis;
    this.limit = limit;
  }

  /**
   * Takes over the limits of the broker.
   *
   * @param largest in bytes, what we publish ourselves
   */
  void allow(MqttProperties granted, long largest) throws IOException {
    int inFlight = Optional.ofNullable(granted.getReceiveMaximum()).orElse(MOST_IN_FLIGHT);
    if (inFlight < 1) {
      throw new IOException(diagnosis.inFlightUnreadable());
    }
    if (Optional.ofNullable(granted.getMaximumQoS()).orElse(QOS) < QOS) {
      throw new IOException(diagnosis.withoutQos());
    }
    largestPacket =
        Optional.ofNullable(granted.getMaximumPacketSize())
            .map(bytes -> Math.min(largest, bytes))
            .orElse(largest);
    slots.release(Math.min(MOST_IN_FLIGHT, inFlight));
  }

  /**
   * See {@link MqttLink#publish} and {@link MqttLink#publishRetained}. May be called by many
   * threads; some then wait for the others.
   */
  boolean publish(String topic, byte[] payload, boolean retained)
      throws PublishException, InterruptedException {
    long bytes = (long) topic.getBytes(StandardCharsets.UTF_8).length + payload.length + OVERHEAD;
    if (bytes > largestPacket) {
      throw diagnosis.tooLarge(topic, bytes, largestPacket);
    }
    // Bounded: each of those before us ends by its answer, by its limit or by the loss.
    slots.acquire();
    PahoAnswers.Answer puback = answers.expect();
    var unused = puback.whenComplete((token, failure) -> slots.release());
    send(topic, new MqttMessage(payload, QOS, retained, new MqttProperties()), puback);
    int code = code(puback, limit.plusSeconds(payload.length >> SLOWEST_SHIFT));
    if (code >= ERROR) {
      throw diagnosis.notPublished(topic, code);
    }
    return code != NOBODY;
  }

  private void send(String topic, MqttMessage message, PahoAnswers.Answer puback)
      throws PublishException {
    // One at a time: the library announces a topic alias with one message and uses it in the next.
    synchronized (sending) {
      try {
        client.publish(topic, message, null, puback);
      } catch (IllegalArgumentException e) {
        puback.completeExceptionally(e);
        throw diagnosis.notPublished(topic, MqttReturnCode.RETURN_CODE_TOPIC_NAME_INVALID);
      } catch (MqttException | RuntimeException e) {
        puback.fail(e);
      }
    }
  }

  private int code(PahoAnswers.Answer puback, Duration time)
      throws PublishException, InterruptedException {
    try {
      int[] codes = answers.codes(puback, time, "a message");
      return codes.length == 0 ? 0 : codes[0];
    } catch (IOException e) {
      throw new PublishException(String.valueOf(e.getMessage()), false);
    }
  }
}
