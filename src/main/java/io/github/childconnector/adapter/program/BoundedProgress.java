package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Progress;

/**
 * Passes on as much progress as an operator would read, so that a program that writes for ever
 * fills no log: changes of percentage and step, and messages, each up to a number.
 */
final class BoundedProgress implements Progress {
  static final int MAX_MESSAGES = 500;
  static final int MAX_CHANGES = 2000;

  private final Progress receiver;
  private int messages;
  private int changes;
  private int percent = -1;

  BoundedProgress(Progress receiver) {
    this.receiver = receiver;
  }

  @Override
  public void percent(int now) {
    if (now != percent && changes++ < MAX_CHANGES) {
      percent = now;
      receiver.percent(now);
    }
  }

  @Override
  public void step(Step step) {
    if (changes++ < MAX_CHANGES) {
      percent = -1;
      receiver.step(step);
    }
  }

  @Override
  public void message(String text) {
    if (messages++ < MAX_MESSAGES) {
      receiver.message(text);
    } else if (messages == MAX_MESSAGES + 1) {
      receiver.message("… the program writes more than is logged");
    }
  }
}
