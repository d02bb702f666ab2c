package io.github.childconnector.adapter.drogue.device;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Numbers the steps of each kind, beginning with 1. */
final class CountedSteps {
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();
  private final Steps steps;

  CountedSteps(Steps steps) {
    this.steps = steps;
  }

  void before(String kind) {
    steps.reached(kind + "#" + counts.merge(kind, 1, Integer::sum));
  }

  int count(String kind) {
    return counts.getOrDefault(kind, 0);
  }
}
