package io.github.childconnector.conformance;

import io.github.childconnector.adapter.Progress;
import java.util.ArrayList;
import java.util.List;

/** What a program says during a call; for one thread. */
final class HeardLines implements Progress {
  private final List<String> lines = new ArrayList<>();

  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void percent(int percent) {
    // says nothing about right or wrong
  }

  @Override
  public void step(Step step) {
    // nor does this
  }

  @Override
  public void message(String text) {
    lines.add(text);
  }
}
