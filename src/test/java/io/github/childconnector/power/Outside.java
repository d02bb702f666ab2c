package io.github.childconnector.power;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.power.Scenario.Trait;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a power cut on the gateway does not touch: the device, the broker with what was not
 * acknowledged to it, and the requester with all that it was told.
 */
final class Outside {
  static final String OLD = "1.0";

  private final Scenario scenario;
  private final List<Told> told = new ArrayList<>();
  private final Map<String, Integer> flashes = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final Set<String> cutOff = new HashSet<>();
  private int acknowledged;
  private int cuts;
  private String version = OLD;

  /** A status of an operation, for example {@code successful} or {@code failed interrupted}. */
  record Told(String id, String words) {
    boolean isEnd() {
      return !words.equals("executing");
    }
  }

  Outside(Scenario scenario) {
    this.scenario = scenario;
  }

  /** The same, to go on from here in another way. */
  synchronized Outside copy() {
    Outside copy = new Outside(scenario);
    copy.told.addAll(told);
    copy.flashes.putAll(flashes);
    copy.problems.addAll(problems);
    copy.cutOff.addAll(cutOff);
    copy.acknowledged = acknowledged;
    copy.cuts = cuts;
    copy.version = version;
    return copy;
  }

  Scenario scenario() {
    return scenario;
  }

  synchronized void cut() {
    cuts++;
  }

  /** Notes that a life finds an installation which an earlier one had begun. */
  synchronized void findCutOff(String id) {
    cutOff.add(id);
  }

  synchronized boolean wasCutOff(String id) {
    return cutOff.contains(id);
  }

  /** The id of the request that the broker has for the connector now; empty for none. */
  synchronized String pending() {
    if (acknowledged == scenario.ids().size()) {
      return "";
    }
    boolean isTurn = acknowledged == 0 || isAnswered(acknowledged - 1);
    return isTurn ? scenario.ids().get(acknowledged) : "";
  }

  /** A request is followed by the next when its end was told, as often as it was sent. */
  private boolean isAnswered(int request) {
    String id = scenario.ids().get(request);
    int sent = Collections.frequency(scenario.ids().subList(0, request + 1), id);
    return ends(id).size() >= sent;
  }

  synchronized void acknowledge() {
    acknowledged++;
  }

  synchronized boolean isAcknowledged(String id) {
    return scenario.ids().subList(0, acknowledged).contains(id);
  }

  synchronized void tell(Told report) {
    told.add(report);
    boolean runsIt = version.equals(Scenario.version(report.id));
    if (report.words.equals(Scenario.SUCCESS) && !runsIt && flashes(report.id) == 0) {
      problem("success of " + report.id + " told while the device runs " + version);
    }
    if (report.words.startsWith("failed") && runsIt && !scenario.is(Trait.BLIND)) {
      problem(report + " told while the device runs it");
    }
  }

  synchronized List<String> ends(String id) {
    return told.stream().filter(end -> end.isEnd() && end.id.equals(id)).map(Told::words).toList();
  }

  synchronized List<Told> told() {
    return List.copyOf(told);
  }

  /** Whether every request was acknowledged and answered. */
  synchronized boolean isSatisfied() {
    return acknowledged == scenario.ids().size() && isAnswered(acknowledged - 1);
  }

  synchronized void beginFlash(String id) {
    flashes.merge(id, 1, Integer::sum);
    int allowed = scenario.is(Trait.REPEATABLE) ? 1 + cuts : 1;
    if (flashes(id) > allowed) {
      problem(id + " flashed " + flashes(id) + " times after " + cuts + " cuts");
    }
    version = "half of " + Scenario.version(id);
  }

  synchronized int flashes(String id) {
    return flashes.getOrDefault(id, 0);
  }

  synchronized int flashes() {
    return flashes.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized void run(String newVersion) {
    version = newVersion;
  }

  synchronized String version() {
    return version;
  }

  synchronized int cuts() {
    return cuts;
  }

  /** What was acknowledged must be in the journal, unless it has been answered and forgotten. */
  synchronized void requireKnown(List<JournalEntry> entries) {
    Set<String> known = entries.stream().map(entry -> entry.key().id()).collect(Collectors.toSet());
    scenario.ids().subList(0, acknowledged).stream()
        .filter(id -> !known.contains(id) && ends(id).isEmpty())
        .forEach(id -> problem("the acknowledged request " + id + " is forgotten"));
  }

  synchronized void problem(String what) {
    problems.add(what);
  }

  synchronized List<String> problems() {
    return List.copyOf(problems);
  }
}
