package io.github.childconnector.adapter;

/** Forgets what it is told, for tests that look elsewhere. */
public record SilentProgress() implements Progress {
  @Override
  public void message(String text) {}
}
