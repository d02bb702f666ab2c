package io.github.childconnector.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.Callable;

/** Runs command lines and keeps what they wrote. */
final class RecordingConsole {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLineTool tool;

  RecordingConsole(List<? extends Callable<Integer>> commands) {
    tool =
        new CommandLineTool(commands)
            .writingTo(new PrintWriter(out, true), new PrintWriter(err, true));
  }

  int execute(String... arguments) {
    return tool.execute(arguments);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
