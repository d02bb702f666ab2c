package io.github.childconnector.matrix;

import io.github.childconnector.mqtt.Mosquitto;
import io.github.childconnector.world.FakeFileServer;
import io.github.childconnector.world.QuickJava;
import io.github.childconnector.world.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullMarked;

/** What all crash runs share: a broker, thin-edge's file server and the class path. */
@NullMarked
final class CrashBench implements AutoCloseable {
  private final Path directory;
  private final AtomicInteger runs = new AtomicInteger();
  final Tally tally;
  final Mosquitto broker;
  final QuickJava java;
  final FakeFileServer files = new FakeFileServer();

  CrashBench(Path directory) throws IOException {
    this(directory, "crash");
  }

  /** A bench whose counts have this name. */
  CrashBench(Path directory, String matrix) throws IOException {
    this.directory = directory;
    this.tally = new Tally(matrix);
    // The broker lives on, so it need not write every message down.
    this.broker =
        Mosquitto.start(
            Files.createDirectory(directory.resolve("broker")), "autosave_on_changes false");
    Files.createFile(Files.createDirectory(tedge()).resolve("tedge.toml"));
    this.java = new QuickJava(directory);
  }

  Path tedge() {
    return directory.resolve("tedge");
  }

  /** Makes room for a run with a name of its own. */
  CrashRun run(CrashScenario scenario) throws IOException {
    return new CrashRun(this, room(), scenario);
  }

  /** A directory for a run, with a name of its own. */
  Path room() throws IOException {
    return Files.createDirectory(directory.resolve("run" + runs.incrementAndGet()));
  }

  @Override
  public void close() {
    files.close();
    broker.close();
  }
}
