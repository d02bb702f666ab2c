package io.github.childconnector.mqtt;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Assumptions;

/**
 * A real broker as a child process, on a free port of 127.0.0.1, which survives {@link #kill} with
 * all sessions. Tests that start one are skipped where mosquitto is not installed.
 */
@NullMarked
public final class Mosquitto implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");

  private final Path directory;
  private final int port;
  private Process process;

  private Mosquitto(Path directory, int port) throws IOException {
    this.directory = directory;
    this.port = port;
    this.process = launch();
  }

  /**
   * Starts a broker that lets everybody in, unless {@code extra} says otherwise.
   *
   * @param directory where it keeps its files, for itself alone
   * @param extra further lines of its configuration
   */
  public static Mosquitto start(Path directory, String... extra) throws IOException {
    Mosquitto mosquitto = prepare(directory, extra);
    mosquitto.awaitPort();
    return mosquitto;
  }

  /** A broker that is configured and has a port, but does not run before {@link #restart}. */
  public static Mosquitto stopped(Path directory, String... extra) throws IOException {
    Mosquitto mosquitto = start(directory, extra);
    mosquitto.stop();
    return mosquitto;
  }

  private static Mosquitto prepare(Path directory, String... extra) throws IOException {
    Assumptions.assumeTrue(
        Files.isExecutable(PROGRAM),
        "needs " + PROGRAM + ": apt install mosquitto, to have this tested");
    int port = freePort();
    List<String> lines =
        new ArrayList<>(
            List.of(
                "listener " + port + " 127.0.0.1",
                "user " + System.getProperty("user.name"),
                "persistence true",
                "persistence_location " + directory + "/",
                "autosave_on_changes true",
                "autosave_interval 1",
                "log_type all",
                "log_dest stdout"));
    lines.addAll(List.of(extra));
    if (lines.stream().noneMatch(line -> line.startsWith("allow_anonymous"))) {
      lines.add("allow_anonymous true");
    }
    Files.write(directory.resolve("mosquitto.conf"), lines);
    return new Mosquitto(directory, port);
  }

  /** A port of 127.0.0.1 that nobody listens on now. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(
            PROGRAM.toString(), "-c", directory.resolve("mosquitto.conf").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private Path log() {
    return directory.resolve("mosquitto.log");
  }

  private void awaitPort() {
    await("mosquitto listens, see its log:\n" + logText())
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(this::answers);
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new IllegalStateException("mosquitto has ended:\n" + logText());
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What it has logged so far. */
  public String logText() {
    try {
      return Files.exists(log()) ? Files.readString(log()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port it listens on, the same after a restart. */
  public int port() {
    return port;
  }

  /** How a connector would be told of this broker, with a persistent session. */
  public MqttSettings settings(String clientId) {
    return new MqttSettings("127.0.0.1", port, clientId, Optional.empty(), Optional.empty(), true);
  }

  /** Returns once a message with this text would survive {@link #kill}. */
  public void awaitSaved(String text) {
    await("saved by mosquitto: " + text)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> Files.exists(database()) && databaseText().contains(text));
  }

  /** Makes it write down what it holds, which it does not for messages that are on their way. */
  public void save() throws IOException {
    signal("USR1");
  }

  /** Makes it read its ACL and its passwords again. */
  public void reload() throws IOException {
    signal("HUP");
  }

  private void signal(String name) throws IOException {
    new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
  }

  private Path database() {
    return directory.resolve("mosquitto.db");
  }

  private String databaseText() throws IOException {
    return Files.readString(database(), StandardCharsets.ISO_8859_1);
  }

  /** Ends it as a power cut would (SIGKILL). */
  public void kill() {
    end(process.destroyForcibly());
  }

  /** Ends it in order (SIGTERM). */
  public void stop() {
    process.destroy();
    end(process);
  }

  private void end(Process ending) {
    try {
      if (!ending.waitFor(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("mosquitto does not end:\n" + logText());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts it again with the same port, files and configuration. */
  public void restart() throws IOException {
    process = launch();
    awaitPort();
  }

  /** Makes it forget every session and retained message; it must not run. */
  public void forget() throws IOException {
    Files.deleteIfExists(database());
  }

  @Override
  public void close() {
    kill();
  }
}
