package io.github.childconnector.cli;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.config.ConfigLoader;
import io.github.childconnector.disk.LocalDisk;
import io.github.childconnector.journal.Journal;
import io.github.childconnector.journal.JournalEntry;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.operation.Failure;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.Firmware;
import io.github.childconnector.operation.FirmwareUpdate;
import io.github.childconnector.operation.OperationKey;
import io.github.childconnector.operation.Sha256;
import io.github.childconnector.operation.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;

/** A configuration and a state directory, and a console whose commands read them. */
final class OperatorFiles {
  static final Instant TEATIME = Instant.parse("2026-11-20T15:04:05.678Z");

  private final Path directory;
  private final Journal journal;
  private int sequence;

  OperatorFiles(Path directory) {
    this.directory = directory;
    journal = new Journal(operations(), new LocalDisk(), InstantSource.system());
  }

  Path config() {
    return directory.resolve("connector.toml");
  }

  Path operations() {
    return directory.resolve("state/operations");
  }

  /** Writes the configuration: where things are, then these lines. */
  void configure(String... lines) throws IOException {
    String head = "storage.directory = \"" + directory.resolve("state") + "\"\n";
    Files.writeString(config(), head + String.join("\n", lines) + "\n");
  }

  /** The lines of a child that a program flashes. */
  static String child(String id, String... more) {
    return "[[child]]\nid = \""
        + id
        + "\"\nadapter = \"command\"\n"
        + String.join("\n", more)
        + "\n[child.command]\ninstall = [\"/bin/true\"]";
  }

  /** What a connector does when it runs. */
  void open() throws IOException {
    journal.open(List.of());
  }

  /** Records an operation that came this far by these stages, a second each. */
  JournalEntry record(String child, String id, Stage... stages) throws IOException {
    FirmwareUpdate update =
        new FirmwareUpdate(
            new OperationKey(new ChildId(child), id),
            new Firmware("OpenWRT", "22.03"),
            new Sha256("0".repeat(64)),
            "http://127.0.0.1:8000/image");
    JournalEntry entry = JournalEntry.accepted(update, sequence++, TEATIME);
    for (int i = 0; i < stages.length; i++) {
      Optional<Failure> why =
          stages[i] == Stage.FAILED
              ? Optional.of(new Failure(FailureCode.DISK_FULL, "No room is left."))
              : Optional.empty();
      entry = entry.enter(stages[i], why, TEATIME.plusSeconds(i + 1));
    }
    journal.write(entry);
    return entry;
  }

  /** Records an operation whose installation was interrupted, and whose device is asked now. */
  void cutOff(String child, String id) throws IOException {
    Optional<Failure> why = Optional.of(new Failure(FailureCode.INTERRUPTED, "It stopped."));
    journal.write(
        record(child, id, Stage.CHECKING, Stage.FETCHING, Stage.READY, Stage.INSTALLING)
            .enter(Stage.CONFIRMING, why, TEATIME.plusSeconds(9)));
  }

  void markReported(JournalEntry entry) throws IOException {
    journal.write(entry.markReported(true));
  }

  /** Lays what has ended among the others, as an earlier version kept it. */
  void layFlat() throws IOException {
    LocalDisk disk = new LocalDisk();
    for (Path child : disk.directories(operations().resolve("ended"))) {
      for (Path file : disk.list(child)) {
        String id = file.getFileName().toString().replaceFirst("^[0-9]+\\.(.*)\\.json$", "$1");
        Files.move(file, operations().resolve(id + "." + child.getFileName() + ".json"));
      }
    }
  }

  /** What became of a command line; {@code $DIR} stands for the directory in both texts. */
  record Result(int exitCode, String out, String err) {}

  /** Runs a command line with {@code --config} of this directory. */
  Result run(String... words) {
    RecordingConsole console = new RecordingConsole(commands());
    List<String> line = new ArrayList<>(List.of(words));
    line.add("--config=" + config());
    int exitCode = console.execute(line.toArray(String[]::new));
    return new Result(exitCode, shortened(console.out()), shortened(console.err()));
  }

  private String shortened(String text) {
    return text.replace(directory.toString(), "$DIR");
  }

  /** A thin-edge that is not there, whatever this machine has. */
  private Map<String, String> environment() {
    return Map.of("TEDGE_CONFIG_DIR", directory.resolve("tedge").toString());
  }

  /** Reads with every family, and without a thin-edge. */
  ConfigLoader loader() {
    List<AdapterProvider> adapters =
        ServiceLoader.load(AdapterProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return new ConfigLoader(adapters, name -> Optional.ofNullable(environment().get(name)));
  }

  private List<Callable<Integer>> commands() {
    return List.of(new CheckConfigCommand(loader()), new StatusCommand(loader()));
  }
}
