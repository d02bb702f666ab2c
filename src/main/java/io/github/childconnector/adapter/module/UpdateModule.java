package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.OperationValues;
import io.github.childconnector.adapter.program.ProgramCall;
import io.github.childconnector.adapter.program.ProgramEnd;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A module at work for one operation.
 *
 * @param program the module
 * @param programs how it is started
 * @param update for which it works
 * @param tree in which it works
 * @param progress who listens to it
 */
record UpdateModule(
    Path program, Programs programs, FirmwareUpdate update, FileTree tree, Progress progress) {
  private static final FailureCode FAILED = FailureCode.INSTALL_FAILED;

  /** Brings it through a state. */
  void call(State state) throws UpdateException, InterruptedException {
    run(state);
  }

  /** Asks it a question of which it may know nothing. */
  boolean affirms(State question, String... affirmative)
      throws UpdateException, InterruptedException {
    String answer = run(question).firstLine().orElse("No");
    if (List.of(affirmative).contains(answer)) {
      return true;
    }
    if (answer.equals("No")) {
      return false;
    }
    throw new UpdateException(
        FAILED,
        "The module %s answered %s with \"%s\". It has to answer with one line, %s or No."
            .formatted(program, question.word(), answer, String.join(", ", affirmative)));
  }

  private ProgramEnd run(State state) throws UpdateException, InterruptedException {
    Path root = tree.root();
    if (!Files.isDirectory(root)) {
      throw new UpdateException(
          FailureCode.STORAGE_FAILED,
          "The module's file tree %s is gone; its directory must outlive a restart."
              .formatted(root));
    }
    List<String> words = List.of(program.toString(), state.word(), root.toString());
    ProgramEnd end = runHere(new CommandLine(words));
    end.requireSuccess(
        FAILED,
        "That was its state "
            + state.word()
            + "; what it wrote is in the connector's log. Remove the cause, then request the update"
            + " again.");
    return end;
  }

  /** Runs a program that is none of the module's states in the module's surroundings. */
  ProgramEnd runHere(CommandLine line) throws UpdateException, InterruptedException {
    return programs
        .in(tree.root())
        .run(new ProgramCall(line, OperationValues.of(update), update.key(), progress, FAILED));
  }

  /** Tells what is not worth a failure. */
  void remark(String text) {
    progress.message(text);
  }

  /** Tells which step begins. */
  void step(Progress.Step step) {
    progress.step(step);
  }
}
