package io.github.childconnector.simulation;

import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Stage;
import io.github.childconnector.simulation.Scenario.Request;
import io.github.childconnector.simulation.Scenario.Trait;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the end of a connector does not touch: the devices, the broker with what was not
 * acknowledged to it, and the requester with all that it was told.
 */
final class World {
  private final Scenario scenario;
  private final Map<ChildId, SimulatedDevice> devices = new LinkedHashMap<>();
  private final List<Request> toSend;
  private final List<Message> kept = new ArrayList<>();
  private final List<Told> passing = new ArrayList<>();
  private final List<Told> heard = new ArrayList<>();

  /** How many ends of an operation were heard when its request was last sent. */
  private final Map<String, Long> heardWhenSent = new HashMap<>();

  private final Map<String, List<Long>> tellings = new HashMap<>();
  private Succession succession = new Succession();
  private final Set<String> acknowledged = new HashSet<>();
  private final Set<String> cutOff = new HashSet<>();

  /** Ends that the broker took with it when it died, and that were not told again since. */
  private final Set<String> dropped = new HashSet<>();

  private final List<String> problems = new ArrayList<>();
  private boolean diskRefused;
  private boolean imagesRefused;
  private int sent;
  private int kills;
  private boolean stopped;
  private long now;

  /** A request on its way, which the broker keeps until it is acknowledged. */
  record Message(int number, Request request) {}

  World(Scenario scenario) {
    this.scenario = scenario;
    this.toSend = new ArrayList<>(scenario.requests());
    scenario
        .children()
        .forEach(child -> devices.put(child, new SimulatedDevice(scenario.is(Trait.BUSY))));
  }

  /** The same, to go on from here in another way. */
  World copy() {
    World copy = new World(scenario);
    devices.forEach((child, device) -> copy.devices.put(child, device.copy()));
    copy.toSend.clear();
    copy.toSend.addAll(toSend);
    copy.kept.addAll(kept);
    copy.passing.addAll(passing);
    copy.heard.addAll(heard);
    copy.heardWhenSent.putAll(heardWhenSent);
    tellings.forEach((id, times) -> copy.tellings.put(id, new ArrayList<>(times)));
    copy.acknowledged.addAll(acknowledged);
    copy.cutOff.addAll(cutOff);
    copy.dropped.addAll(dropped);
    copy.problems.addAll(problems);
    copy.diskRefused = diskRefused;
    copy.imagesRefused = imagesRefused;
    copy.sent = sent;
    copy.kills = kills;
    copy.stopped = stopped;
    copy.now = now;
    return copy;
  }

  Scenario scenario() {
    return scenario;
  }

  long now() {
    return now;
  }

  /** Time has passed. */
  void moveTo(long time) {
    now = Math.max(now, time);
  }

  SimulatedDevice device(ChildId child) {
    return Optional.ofNullable(devices.get(child)).orElseThrow();
  }

  int flashes() {
    return devices.values().stream().mapToInt(SimulatedDevice::flashes).sum();
  }

  /** Whether a program is at work on another device of the same bus. */
  boolean isBusTaken(ChildId child, long time) {
    return scenario.is(Trait.BUS)
        && devices.entrySet().stream()
            .anyMatch(each -> !each.getKey().equals(child) && each.getValue().isAtWork(time));
  }

  boolean isInstalling(long time) {
    return devices.values().stream().anyMatch(device -> device.isAtWork(time));
  }

  // The requester and the broker.

  /** Whether a request is to be sent now. */
  boolean isTurn() {
    return sent < toSend.size() && (!toSend.get(sent).waits() || areAnswered());
  }

  boolean areAllSent() {
    return sent == toSend.size();
  }

  Message send() {
    Request request = toSend.get(sent);
    Message message = new Message(sent, request);
    sent++;
    heardWhenSent.put(request.id(), countEnds(request.id()));
    kept.add(message);
    return message;
  }

  private long countEnds(String id) {
    return heard.stream().filter(told -> told.isEnd() && told.id().equals(id)).count();
  }

  private boolean areAnswered() {
    return heardWhenSent.entrySet().stream()
        .allMatch(each -> countEnds(each.getKey()) > each.getValue());
  }

  /** Whether every request was sent, acknowledged and answered. */
  boolean isSatisfied() {
    return areAllSent() && kept.isEmpty() && passing.isEmpty() && areAnswered();
  }

  List<Message> kept() {
    return List.copyOf(kept);
  }

  void acknowledge(Message message) {
    kept.remove(message);
    acknowledged.add(message.request().id());
  }

  /** The broker takes a status, which it has not passed on yet. */
  void take(Told told) {
    passing.add(told);
    if (told.isEnd()) {
      dropped.remove(told.id());
    }
  }

  boolean isPassing() {
    return !passing.isEmpty();
  }

  void passOn() {
    heard.addAll(passing);
    passing.clear();
  }

  /** The broker dies, and takes with it what it has not passed on. */
  void dropPassing() {
    passing.stream().filter(Told::isEnd).map(Told::id).forEach(dropped::add);
    passing.clear();
  }

  // The connector.

  /** A life begins with these entries in its journal. */
  void begin(List<JournalEntry> entries) {
    succession = new Succession();
    entries.stream()
        .filter(entry -> entry.stage() == Stage.INSTALLING)
        .forEach(entry -> cutOff.add(entry.key().id()));
  }

  /** What was acknowledged must be in the journal, unless it has been answered and forgotten. */
  void requireKnown(List<JournalEntry> entries) {
    Set<String> known = entries.stream().map(entry -> entry.key().id()).collect(Collectors.toSet());
    acknowledged.stream()
        .filter(id -> !known.contains(id) && countEnds(id) == 0)
        .forEach(id -> problem("the acknowledged request " + id + " is forgotten"));
  }

  /** The process was killed; where the whole gateway lost its power, so were its programs. */
  void killed(boolean withPrograms) {
    kills++;
    if (withPrograms) {
      devices.values().forEach(SimulatedDevice::end);
    }
    passOn();
    // Thin-edge asks again for what it has not heard of.
    for (Request request : scenario.requests()) {
      if (dropped.remove(request.id())) {
        toSend.add(sent, new Request(request.child(), request.id(), false));
      }
    }
  }

  /** The disk has refused to change a file. */
  void refused(Path file) {
    diskRefused = true;
    imagesRefused |= file.startsWith(Life.IMAGES);
  }

  /** Whether the disk has ever refused anything; something may be left then until a restart. */
  boolean wasDiskRefused() {
    return diskRefused;
  }

  /** Whether the disk has ever refused to store an image, so that an update cannot go on. */
  boolean wereImagesRefused() {
    return imagesRefused;
  }

  int kills() {
    return kills;
  }

  boolean wasCutOff(String id) {
    return cutOff.contains(id);
  }

  /** Whether the connector is to be told to stop now, which happens once. */
  boolean stopsNow(long time) {
    boolean stops = !stopped && scenario.is(Trait.STOPPING) && isInstalling(time);
    stopped |= stops;
    return stops;
  }

  /** The connector begins to tell a status, at this time. */
  void telling(Told told, ChildId child, long time) {
    succession.telling(told, child, time).ifPresent(this::problem);
    if (told.isEnd()) {
      tellings.computeIfAbsent(told.id(), id -> new ArrayList<>()).add(time);
      judge(told, child, time);
    }
  }

  private void judge(Told told, ChildId child, long time) {
    SimulatedDevice device = devices.get(child);
    if (device == null) {
      return;
    }
    boolean sees = !scenario.is(Trait.BLIND);
    boolean runsIt = device.version(time).equals(scenario.version(told.id()));
    boolean isLast = scenario.ids().indexOf(told.id()) == lastSent(child);
    if (told.isSuccess() && !runsIt && isLast && (sees || device.flashes(told.id()) == 0)) {
      problem("success of " + told.id() + " told while the device runs " + device.version(time));
    }
    if (!told.isSuccess() && runsIt && sees) {
      problem(told + " told while the device runs it");
    }
  }

  /** Those before may tell of a version that has been replaced since. */
  private int lastSent(ChildId child) {
    int last = -1;
    for (Request request : toSend.subList(0, sent)) {
      if (request.child().equals(child)) {
        last = Math.max(last, scenario.ids().indexOf(request.id()));
      }
    }
    return last;
  }

  void problem(String what) {
    problems.add(what);
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  List<Told> heard() {
    return List.copyOf(heard);
  }

  Map<String, List<Long>> tellings() {
    return Map.copyOf(tellings);
  }
}
