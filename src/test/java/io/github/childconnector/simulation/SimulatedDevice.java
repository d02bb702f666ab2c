package io.github.childconnector.simulation;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A device with a power supply of its own, and the program on the gateway that writes it. */
final class SimulatedDevice {
  private static final int BUSY_TIMES = 2;

  private String version = Scenario.OLD;
  private final Map<String, Integer> flashes = new HashMap<>();
  private final Map<String, Integer> restores = new HashMap<>();
  private int busy;
  private Optional<Program> atWork = Optional.empty();

  /** A program at work, and what the device runs when that has come to its end. */
  private record Program(String id, String result, long end) {}

  SimulatedDevice(boolean isBusy) {
    busy = isBusy ? BUSY_TIMES : 0;
  }

  SimulatedDevice copy() {
    SimulatedDevice copy = new SimulatedDevice(false);
    copy.version = version;
    copy.flashes.putAll(flashes);
    copy.restores.putAll(restores);
    copy.busy = busy;
    copy.atWork = atWork;
    return copy;
  }

  /** Whether it is too busy this time. */
  boolean refuses() {
    boolean refused = busy > 0;
    busy = Math.max(0, busy - 1);
    return refused;
  }

  /** What it runs at this time. */
  String version(long now) {
    if (atWork.filter(program -> program.end <= now).isPresent()) {
      version = atWork.get().result;
      atWork = Optional.empty();
    }
    return version;
  }

  void run(String newVersion) {
    version = newVersion;
    atWork = Optional.empty();
  }

  boolean isAtWork(long now) {
    String unused = version(now);
    return atWork.isPresent();
  }

  /** A program begins to write it, for an operation. */
  void begin(String id, String result, long end) {
    version = "half of " + result;
    atWork = Optional.of(new Program(id, result, end));
  }

  /** Whoever is at work on it is ended. */
  void end() {
    atWork = Optional.empty();
  }

  void countFlash(String id) {
    flashes.merge(id, 1, Integer::sum);
  }

  void countRestore(String id) {
    restores.merge(id, 1, Integer::sum);
  }

  int flashes(String id) {
    return flashes.getOrDefault(id, 0);
  }

  int flashes() {
    return flashes.values().stream().mapToInt(Integer::intValue).sum();
  }

  int restores(String id) {
    return restores.getOrDefault(id, 0);
  }
}
