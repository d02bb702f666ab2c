package io.github.childconnector.adapter;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told, as {@code 42%}, {@code step WRITE} or the text. */
public class RecordingProgress implements Progress {
  private final List<String> said = new CopyOnWriteArrayList<>();

  /** All of it, in its order. */
  public List<String> said() {
    return said;
  }

  @Override
  public void percent(int percent) {
    said.add(percent + "%");
  }

  @Override
  public void step(Step step) {
    said.add("step " + step);
  }

  @Override
  public void message(String text) {
    said.add(text);
  }
}
