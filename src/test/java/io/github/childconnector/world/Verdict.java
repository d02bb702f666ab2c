package io.github.childconnector.world;

import static org.awaitility.Awaitility.await;

import io.github.childconnector.adapter.command.FakeDevice;
import io.github.childconnector.world.Tally.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.awaitility.core.ConditionTimeoutException;

/** Judges what was said of operations against what their devices have seen, and counts. */
public final class Verdict {
  private final Gateway gateway;
  private final Tally tally;
  private final List<String> faults = new ArrayList<>();

  public Verdict(Gateway gateway, Tally tally) {
    this.gateway = gateway;
    this.tally = tally;
  }

  /** What is wrong, each in one line; empty if nothing is. */
  public List<String> faults() {
    return faults;
  }

  /**
   * Judges one operation that should have ended.
   *
   * @param installed the operations for which its device was flashed
   */
  public void operation(String child, String id, List<String> installed) {
    tally.add(Count.OPERATIONS, 1);
    List<String> said = gateway.everythingSaid(child, id);
    Set<String> ends = Set.copyOf(said.stream().filter(Verdict::isEnd).toList());
    int flashes = Collections.frequency(installed, id);
    tally.add(Count.FLASHES, flashes);
    if (ends.isEmpty()) {
      note(Count.LOST, id + " has no end: " + said);
    }
    if (ends.size() > 1 || isOpenAgain(said)) {
      note(Count.CONTRADICTIONS, id + " has contradictory statuses: " + said);
    }
    boolean successful = ends.stream().anyMatch(end -> end.contains("\"successful\""));
    if (flashes > 1 || (successful && flashes < 1)) {
      note(Count.CONTRADICTIONS, id + " was flashed " + flashes + " times: " + said);
    }
  }

  private static boolean isEnd(String status) {
    return !status.contains("\"executing\"");
  }

  /** Whether an end was followed by {@code executing}. */
  private static boolean isOpenAgain(List<String> said) {
    int end = 0;
    while (end < said.size() && !isEnd(said.get(end))) {
      end++;
    }
    return said.subList(end, said.size()).stream().anyMatch(status -> !isEnd(status));
  }

  /** Judges a device by the last operation it was to run. */
  public void device(FakeDevice device, String version) {
    if (!device.version().equals(version)) {
      note(
          Count.CONTRADICTIONS,
          "a device runs " + device.version() + ", and not " + version + " as was said");
    }
  }

  /** Judges what a connector that was stopped has left in this process. */
  public void threads() {
    try {
      await().pollDelay(Duration.ZERO).until(Verdict::working, List::isEmpty);
    } catch (ConditionTimeoutException e) {
      note(Count.LEAKS, "threads were left: " + working());
    }
  }

  private static List<String> working() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("(mqtt-|MQTT |reporter|install-|download-).*"))
        .toList();
  }

  public void note(Count what, String fault) {
    tally.add(what, 1);
    faults.add(fault);
  }
}
