package io.github.childconnector.soak;

import io.github.childconnector.mqtt.Mosquitto;
import io.github.childconnector.mqtt.RecordingClient;
import io.github.childconnector.mqtt.RecordingClient.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;

/**
 * The requester's side through several lives of the broker: what it has published the broker keeps,
 * and what was published for it meanwhile it gets later.
 */
@NullMarked
final class SoakCloud implements AutoCloseable {
  private static final String CLIENT_ID = "c8y-firmware-plugin";

  /**
   * Comes after all that a broker delivers again, because it has forgotten to have delivered it.
   */
  private static final String RESUMED = "soak/resumed";

  private final Mosquitto broker;
  private final List<RecordingClient> clients = new ArrayList<>();
  private int marks;

  SoakCloud(Mosquitto broker) throws IOException {
    this.broker = broker;
    connect();
  }

  private void connect() throws IOException {
    RecordingClient client = RecordingClient.resume(broker.port(), CLIENT_ID);
    clients.add(client);
    client.record("tedge/+/commands/res/firmware_update").record(RESUMED);
    client.publish(RESUMED, RESUMED + clients.size());
  }

  private RecordingClient current() {
    return clients.get(clients.size() - 1);
  }

  /** Returns when the broker has it. */
  synchronized void publish(String topic, String text) throws IOException {
    current().publish(topic, text);
  }

  /** Lets nobody publish while the broker is away. */
  synchronized void without(boolean killed, Absence absence)
      throws IOException, InterruptedException {
    if (killed) {
      String mark = "mark-" + marks++;
      current().retain("soak/mark", mark);
      broker.awaitSaved(mark);
      broker.kill();
    } else {
      broker.stop();
    }
    absence.pass();
    broker.restart();
    connect();
  }

  /** What happens while the broker is away. */
  interface Absence {
    void pass() throws InterruptedException;
  }

  /** All that was received, without what a broker has delivered twice over its restart. */
  synchronized List<Message> messages() {
    List<Message> all = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < clients.size(); i++) {
      String last = RESUMED + (i + 1);
      boolean isResumed = false;
      Set<String> earlier = Set.copyOf(seen);
      for (Message message : clients.get(i).messages()) {
        String what = message.topic() + message.text();
        isResumed |= message.text().equals(last);
        boolean again = !isResumed && earlier.contains(what);
        if (seen.add(what) || !again) {
          all.add(message);
        }
      }
    }
    return all;
  }

  @Override
  public synchronized void close() throws IOException {
    current().close();
  }
}
