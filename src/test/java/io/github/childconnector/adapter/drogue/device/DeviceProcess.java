package io.github.childconnector.adapter.drogue.device;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A device as a process, which ends as if it had lost its power. */
public final class DeviceProcess implements AutoCloseable {
  private static final Path CLASSES = Path.of("target", "test-classes");

  private final Process process;
  private final Path log;

  private DeviceProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts it with the words of {@link DeviceMain}. */
  public static DeviceProcess start(String... words) throws IOException {
    Path log = Files.createTempFile("device", ".log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(List.of("-cp", CLASSES.toString(), DeviceMain.class.getName()));
    command.addAll(List.of(words));
    return new DeviceProcess(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(),
        log);
  }

  /** Returns once it is about to take this step. */
  public void awaitStep(String step) {
    await(step)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Files.readString(log).contains("step " + step + "\n"));
  }

  /** By SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("the device cannot be killed");
    }
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(log);
  }
}
