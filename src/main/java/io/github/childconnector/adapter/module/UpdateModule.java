package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.ProgramCall;
import io.github.childconnector.adapter.program.ProgramEnd;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.image.ChangedImageException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

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
  private static final String AUTOMATIC = "Automatic";

  /** The machine that a module wants rebooted before its update is final. */
  enum Reboot {
    /** None. */
    NONE,
    /** The device, in its state ArtifactReboot. */
    DEVICE,
    /** The one it runs on, by whoever runs it: it answered {@code Automatic}. */
    GATEWAY
  }

  /** Brings it through a state. */
  void call(State state) throws UpdateException, InterruptedException {
    run(state);
  }

  private boolean affirms(State question) throws UpdateException, InterruptedException {
    return answer(question, "Yes", "No").equals("Yes");
  }

  /** Asks it a question of which it may know nothing, which means the last of the answers. */
  private String answer(State question, String... answers)
      throws UpdateException, InterruptedException {
    List<String> known = List.of(answers);
    int last = known.size() - 1;
    String answer = run(question).firstLine().orElse(known.get(last));
    if (known.contains(answer)) {
      return answer;
    }
    throw new UpdateException(
        FAILED,
        "The module %s answered %s with \"%s\". It has to answer with one line, %s or %s."
            .formatted(
                program,
                question.word(),
                answer,
                String.join(", ", known.subList(0, last)),
                known.get(last)));
  }

  /** Asks whether the device has to reboot. */
  Reboot reboot() throws UpdateException, InterruptedException {
    String answer = answer(State.NEEDS_ARTIFACT_REBOOT, "Yes", AUTOMATIC, "No");
    return switch (answer) {
      case "Yes" -> Reboot.DEVICE;
      case AUTOMATIC -> Reboot.GATEWAY;
      default -> Reboot.NONE;
    };
  }

  /** Asks whether it wants the size of a file behind its name. */
  boolean wantsSizes() throws UpdateException, InterruptedException {
    return affirms(State.PROVIDE_PAYLOAD_FILE_SIZES);
  }

  boolean canGoBack() throws UpdateException, InterruptedException {
    return affirms(State.SUPPORTS_ROLLBACK);
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
    end.requireSuccess(FAILED, "That was its state %s. %s".formatted(state.word(), end.remedy()));
    return end;
  }

  /**
   * Brings it through the state Download: it reads the payload from streams, or leaves them alone
   * and finds it in files afterwards.
   */
  void download(List<PayloadFile> payload) throws UpdateException, InterruptedException {
    boolean withSizes = wantsSizes();
    Streams streams = new Streams(tree, payload, withSizes, programs.clock());
    try {
      makeFifos(streams);
      streams.open();
    } catch (IOException e) {
      throw noStreams(e);
    }
    try {
      call(withSizes ? State.DOWNLOAD_WITH_FILE_SIZES : State.DOWNLOAD);
    } finally {
      close(streams);
    }
    conclude(streams, payload);
  }

  private void makeFifos(Streams streams)
      throws IOException, UpdateException, InterruptedException {
    Files.createDirectories(streams.folder());
    List<String> words = new ArrayList<>(List.of("mkfifo", "-m", "600"));
    streams.fifos().stream().map(Path::toString).forEach(words::add);
    runHere(new CommandLine(words))
        .requireSuccess(
            FailureCode.STORAGE_FAILED,
            "The module's directory must lie on a file system that has FIFOs.");
  }

  private void close(Streams streams) {
    try {
      streams.close();
    } catch (IOException e) {
      progress.message("the streams could not be removed: " + e);
    }
  }

  private void conclude(Streams streams, List<PayloadFile> payload)
      throws UpdateException, InterruptedException {
    switch (streams.taken()) {
      case NOTHING -> tree.fill(payload);
      case SOME ->
          throw streams
              .trouble()
              .flatMap(ChangedImageException::failure)
              .orElseGet(() -> cutShort(streams.trouble()));
      case ALL -> progress.message("the module has read the image from its stream");
    }
  }

  private UpdateException cutShort(Optional<Exception> trouble) {
    return new UpdateException(
        FAILED,
        "The module %s began to read its streams, but ended before it had read all of them and the empty name behind the last%s."
            .formatted(program, trouble.map(e -> " (" + e.getMessage() + ")").orElse("")));
  }

  private static UpdateException noStreams(IOException trouble) {
    return new UpdateException(
        FailureCode.STORAGE_FAILED,
        "The module's streams cannot be made: %s. Its directory must lie on a file system that has FIFOs and links."
            .formatted(trouble),
        trouble);
  }

  /** Runs a program that is none of the module's states in the module's surroundings. */
  ProgramEnd runHere(CommandLine line) throws UpdateException, InterruptedException {
    return programs.in(tree.root()).run(ProgramCall.of(line, update, progress, FAILED));
  }

  /** The words a module can be called with: the states of an update, and three questions. */
  enum State {
    PROVIDE_PAYLOAD_FILE_SIZES,
    DOWNLOAD,
    DOWNLOAD_WITH_FILE_SIZES,
    ARTIFACT_INSTALL,
    NEEDS_ARTIFACT_REBOOT,
    ARTIFACT_REBOOT,
    ARTIFACT_VERIFY_REBOOT,
    ARTIFACT_COMMIT,
    SUPPORTS_ROLLBACK,
    ARTIFACT_ROLLBACK,
    ARTIFACT_ROLLBACK_REBOOT,
    ARTIFACT_VERIFY_ROLLBACK_REBOOT,
    ARTIFACT_FAILURE,
    CLEANUP;

    /** The word of the protocol, for example {@code ArtifactInstall}. */
    String word() {
      return Arrays.stream(name().split("_"))
          .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
          .collect(Collectors.joining());
    }
  }
}
