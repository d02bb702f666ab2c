package io.github.childconnector.adapter.program;

import io.github.childconnector.adapter.Progress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes what a program says, line by line: progress and steps on its standard output, and text on
 * both outputs.
 *
 * <p>Sample:
 *
 * <pre>
 * step write
 * progress 42
 * verifying block 17
 * </pre>
 */
final class ProgramOutput {
  private static final Pattern PERCENT = Pattern.compile("progress (100|[0-9]{1,2})");
  private static final Pattern STEP = Pattern.compile("step ([a-z]+)");

  private final Progress progress;
  private final Progress standard;
  private final Progress errors;
  private Optional<String> firstLine = Optional.empty();
  private long lines;
  private Optional<String> lastError = Optional.empty();

  /** Each output is bounded by itself, so that a flood on one does not hide the other. */
  ProgramOutput(Progress progress) {
    this.progress = progress;
    this.standard = new BoundedProgress(progress);
    this.errors = new BoundedProgress(progress);
  }

  /** A line of the standard output. */
  void line(String text) {
    firstLine = firstLine.or(() -> Optional.of(text));
    lines++;
    Matcher percent = PERCENT.matcher(text);
    Optional<Progress.Step> step = step(text);
    if (percent.matches()) {
      standard.percent(Integer.parseInt(percent.group(1)));
    } else if (step.isPresent()) {
      standard.step(step.get());
    } else {
      standard.message(text);
    }
  }

  private static Optional<Progress.Step> step(String text) {
    Matcher step = STEP.matcher(text);
    return Arrays.stream(Progress.Step.values())
        .filter(each -> step.matches())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(step.group(1)))
        .findFirst();
  }

  /** A line of the error output. */
  void errorLine(String text) {
    lastError = Optional.of(text);
    errors.message(text);
  }

  /** Something that the connector says about the program. */
  void remark(String text) {
    progress.message(text);
  }

  /** Makes the end of the program with all that was said. */
  ProgramEnd end(String program, int status) {
    return new ProgramEnd(program, status, firstLine, lines, lastError);
  }

  /**
   * Passes on as much progress as an operator would read, so that a program that writes for ever
   * fills no log: changes of percentage and step, and messages, each up to a number.
   */
  static final class BoundedProgress implements Progress {
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
}
