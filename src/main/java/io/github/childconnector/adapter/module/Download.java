package io.github.childconnector.adapter.module;

import io.github.childconnector.adapter.program.CommandLine;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The state Download: the module reads the payload from streams, or leaves them alone and finds it
 * in files afterwards.
 */
final class Download {
  private final UpdateModule module;
  private final FileTree tree;
  private final List<PayloadFile> payload;

  Download(UpdateModule module, FileTree tree, List<PayloadFile> payload) {
    this.module = module;
    this.tree = tree;
    this.payload = payload;
  }

  void run() throws UpdateException, InterruptedException {
    boolean withSizes = module.affirms(State.PROVIDE_PAYLOAD_FILE_SIZES, "Yes");
    Streams streams = new Streams(tree, payload, withSizes, module.programs().clock());
    try {
      makeFifos(streams);
      streams.open();
    } catch (IOException e) {
      throw noStreams(e);
    }
    try {
      module.call(withSizes ? State.DOWNLOAD_WITH_FILE_SIZES : State.DOWNLOAD);
    } finally {
      close(streams);
    }
    conclude(streams);
  }

  private void makeFifos(Streams streams)
      throws IOException, UpdateException, InterruptedException {
    Files.createDirectories(streams.folder());
    List<String> words = new ArrayList<>(List.of("mkfifo", "-m", "600"));
    streams.fifos().stream().map(Path::toString).forEach(words::add);
    module
        .runHere(new CommandLine(words))
        .requireSuccess(
            FailureCode.STORAGE_FAILED,
            "The module's directory must lie on a file system that has FIFOs.");
  }

  private void close(Streams streams) {
    try {
      streams.close();
    } catch (IOException e) {
      module.remark("the streams could not be removed: " + e);
    }
  }

  private void conclude(Streams streams) throws UpdateException, InterruptedException {
    switch (streams.taken()) {
      case NOTHING -> tree.fill(payload);
      case SOME -> throw cutShort(streams.trouble());
      case ALL -> module.remark("the module has read the image from its stream");
    }
  }

  private UpdateException cutShort(Optional<Exception> trouble) {
    return new UpdateException(
        FailureCode.INSTALL_FAILED,
        "The module %s began to read its streams, but ended before it had read all of them and the empty name behind the last%s."
            .formatted(module.program(), trouble.map(e -> " (" + e.getMessage() + ")").orElse("")));
  }

  private static UpdateException noStreams(IOException trouble) {
    return new UpdateException(
        FailureCode.STORAGE_FAILED,
        "The module's streams cannot be made: "
            + trouble
            + ". Its directory must lie on a file system that has FIFOs and links.",
        trouble);
  }
}
