package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.Installation;
import io.github.childconnector.adapter.Progress;
import io.github.childconnector.adapter.Trial.Check;
import io.github.childconnector.adapter.module.UpdateModule.Reboot;
import io.github.childconnector.adapter.module.UpdateModule.State;
import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.adapter.program.ProgramEnd;
import io.github.childconnector.adapter.program.Programs;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The demands of the protocol on a module beyond one update that goes well, each state by itself.
 *
 * @param directory below which the file trees lie
 */
record StateChecks(ModuleSettings settings, Path directory, Programs programs) {
  private static final String UNKNOWN = "NoSuchState";

  /** Does something with a module that has a file tree of its own, and a payload to install. */
  private interface Work {
    Optional<String> run(UpdateModule module, List<PayloadFile> payload)
        throws UpdateException, InterruptedException, IOException;
  }

  List<Check> list() {
    return List.of(
        check("unknown-state", (module, payload) -> unknownState(module)),
        check("answers", (module, payload) -> answers(module)),
        check("cleanup-untouched", (module, payload) -> cleanup(module)),
        check("states-twice", StateChecks::statesTwice),
        check("failure-states-twice", StateChecks::failureStatesTwice),
        check("file-tree", StateChecks::fileTree),
        new Check("slow-stream", this::slowStream),
        new Check("broken-stream", this::brokenStream));
  }

  private Check check(String name, Work work) {
    return new Check(
        name,
        (installation, progress) -> inTree(work, whole(installation), installation, progress));
  }

  private List<PayloadFile> whole(Installation installation) {
    return PayloadFile.all(settings, installation.image());
  }

  private Optional<String> inTree(
      Work work, List<PayloadFile> payload, Installation installation, Progress progress)
      throws UpdateException, InterruptedException {
    FileTree tree = FileTree.of(directory, installation.update().key());
    tree.create(settings, installation.update());
    try {
      return work.run(
          new UpdateModule(settings.program(), programs, installation.update(), tree, progress),
          payload);
    } catch (IOException e) {
      throw new UpdateException(
          FailureCode.STORAGE_FAILED, "The module's file tree cannot be read: " + e, e);
    } finally {
      tree.remove();
    }
  }

  /** Calls a state twice, as a connector does that was stopped in the middle of the first. */
  private static void twice(UpdateModule module, State state)
      throws UpdateException, InterruptedException {
    module.call(state);
    try {
      module.call(state);
    } catch (UpdateException e) {
      throw new UpdateException(
          FailureCode.INSTALL_FAILED,
          "%s fails when it is called a second time: %s Any state may be repeated after a restart; let it see what is done already, and exit with 0."
              .formatted(state.word(), e.failure().sentence()),
          e);
    }
  }

  private Optional<String> unknownState(UpdateModule module)
      throws UpdateException, InterruptedException {
    List<String> words =
        List.of(settings.program().toString(), UNKNOWN, module.tree().root().toString());
    ProgramEnd end = module.runHere(new CommandLine(words));
    end.requireSuccess(
        FailureCode.INSTALL_FAILED,
        "That was a state it does not know (%s): let it write nothing and exit with 0."
            .formatted(UNKNOWN));
    return end.firstLine()
        .map(
            line ->
                "It answered a state that it does not know (%s) with \"%s\": let it write nothing, or a later question is answered by accident."
                    .formatted(UNKNOWN, line));
  }

  /** A word that is none of the answers is a failure of its own. */
  private static Optional<String> answers(UpdateModule module)
      throws UpdateException, InterruptedException {
    for (int i = 0; i < 2; i++) {
      module.wantsSizes();
      module.reboot();
      module.canGoBack();
    }
    return Optional.empty();
  }

  /** Calls Cleanup where nothing was done yet. */
  private static Optional<String> cleanup(UpdateModule module)
      throws UpdateException, InterruptedException {
    twice(module, State.CLEANUP);
    return Optional.empty();
  }

  private static Optional<String> statesTwice(UpdateModule module, List<PayloadFile> payload)
      throws UpdateException, InterruptedException {
    module.download(payload);
    twice(module, State.ARTIFACT_INSTALL);
    if (module.reboot() != Reboot.NONE) {
      twice(module, State.ARTIFACT_REBOOT);
      twice(module, State.ARTIFACT_VERIFY_REBOOT);
    }
    twice(module, State.ARTIFACT_COMMIT);
    twice(module, State.CLEANUP);
    return Optional.empty();
  }

  private static Optional<String> failureStatesTwice(UpdateModule module, List<PayloadFile> payload)
      throws UpdateException, InterruptedException {
    module.download(payload);
    module.call(State.ARTIFACT_INSTALL);
    if (module.canGoBack()) {
      rollBackTwice(module);
    }
    twice(module, State.ARTIFACT_FAILURE);
    twice(module, State.CLEANUP);
    return Optional.empty();
  }

  private static void rollBackTwice(UpdateModule module)
      throws UpdateException, InterruptedException {
    twice(module, State.ARTIFACT_ROLLBACK);
    if (module.reboot() != Reboot.NONE) {
      twice(module, State.ARTIFACT_ROLLBACK_REBOOT);
      twice(module, State.ARTIFACT_VERIFY_ROLLBACK_REBOOT);
    }
  }

  private static Optional<String> fileTree(UpdateModule module, List<PayloadFile> payload)
      throws UpdateException, InterruptedException, IOException {
    Map<String, String> before = module.tree().givenFiles();
    module.download(payload);
    module.call(State.ARTIFACT_INSTALL);
    module.call(State.ARTIFACT_COMMIT);
    Map<String, String> after = module.tree().givenFiles();
    module.call(State.CLEANUP);
    return before.entrySet().stream()
        .filter(file -> !file.getValue().equals(after.get(file.getKey())))
        .findFirst()
        .map(
            file ->
                "It changed %s in its file tree, which later states still need; let it write below tmp/ only."
                    .formatted(file.getKey()));
  }

  private Optional<String> slowStream(Installation installation, Progress progress)
      throws UpdateException, InterruptedException {
    Work work =
        (module, payload) -> {
          module.download(payload);
          module.call(State.CLEANUP);
          return Optional.empty();
        };
    return inTree(work, TrickledStream.slow(whole(installation)), installation, progress);
  }

  private Optional<String> brokenStream(Installation installation, Progress progress)
      throws UpdateException, InterruptedException {
    List<PayloadFile> payload = TrickledStream.broken(whole(installation));
    return inTree(StateChecks::afterBrokenStream, payload, installation, progress);
  }

  /** The connector sees by itself that the stream was broken; the module must come to its end. */
  private static Optional<String> afterBrokenStream(UpdateModule module, List<PayloadFile> payload)
      throws UpdateException, InterruptedException {
    try {
      module.download(payload);
      return Optional.of("Its state Download was not told that the image's stream broke off.");
    } catch (UpdateException expected) {
      module.call(State.CLEANUP);
      return Optional.empty();
    }
  }

  /** A payload that comes in drops at first, as from a slow disk, or breaks off in the middle. */
  private static final class TrickledStream extends FilterInputStream {
    /** No power of two, so that a module sees blocks it did not reckon with. */
    private static final int DROP = 509;

    private static final int DROPS = 200;

    private final long end;
    private long position;
    private int drops;

    private TrickledStream(InputStream content, long end) {
      super(content);
      this.end = end;
    }

    /** The same payload, in drops at first. */
    static List<PayloadFile> slow(List<PayloadFile> payload) {
      return payload.stream().map(file -> trickled(file, Long.MAX_VALUE)).toList();
    }

    /** The same payload, of which only half can be read. */
    static List<PayloadFile> broken(List<PayloadFile> payload) {
      return payload.stream().map(file -> trickled(file, file.size() / 2)).toList();
    }

    private static PayloadFile trickled(PayloadFile file, long end) {
      return new PayloadFile(
          file.name(), file.size(), () -> new TrickledStream(file.source().open(), end));
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int wanted = drops++ < DROPS ? Math.min(length, DROP) : length;
      int count = super.read(buffer, offset, (int) Math.min(wanted, Math.max(1, end - position)));
      position += Math.max(0, count);
      if (position > end) {
        throw new IOException("the stream broke off, as adapter-test wants it");
      }
      return count;
    }
  }
}
