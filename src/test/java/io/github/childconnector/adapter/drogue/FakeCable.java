package io.github.childconnector.adapter.drogue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A serial port of this machine, and the device's end of its cable: two pseudo-terminals that
 * another process joins. Where it is unplugged they are gone, and others come when it is plugged in
 * again, under the same names.
 */
public final class FakeCable implements AutoCloseable {
  private static final String JOIN =
      """
      import os, select, sys
      a, near = os.openpty()
      b, far = os.openpty()
      for end in (near, far):
          os.system("stty -F %s raw -echo" % os.ttyname(end))
      print(os.ttyname(near), os.ttyname(far), flush=True)
      other = {a: b, b: a}
      while True:
          for end in select.select([a, b, 0], [], [])[0]:
              if end == 0:
                  sys.exit()
              os.write(other[end], os.read(end, 4096))
      """;

  private final Path directory;
  private Process process;

  private FakeCable(Path directory) throws IOException {
    this.directory = directory;
    this.process = join();
  }

  /** A cable that is plugged in; its names are in a directory. */
  public static FakeCable in(Path directory) throws IOException {
    return new FakeCable(directory);
  }

  private Process join() throws IOException {
    Process joined =
        new ProcessBuilder("python3", "-c", JOIN)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader says =
        new BufferedReader(new InputStreamReader(joined.getInputStream(), StandardCharsets.UTF_8));
    String[] names = Objects.requireNonNull(says.readLine(), "python3 says nothing").split(" ", -1);
    link(port(), names[0]);
    link(deviceEnd(), names[1]);
    return joined;
  }

  private static void link(Path name, String target) throws IOException {
    Files.deleteIfExists(name);
    Files.createSymbolicLink(name, Path.of(target));
  }

  /** The port of this machine. */
  public Path port() {
    return directory.resolve("ttyNEAR");
  }

  /** Where the device is. */
  public Path deviceEnd() {
    return directory.resolve("ttyFAR");
  }

  /** Pulls it out. */
  public void unplug() throws IOException, InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IOException("the cable is stuck");
    }
    Files.deleteIfExists(port());
    Files.deleteIfExists(deviceEnd());
  }

  /** Plugs it in again. */
  public void plug() throws IOException {
    process = join();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    try {
      // A link to nothing is what cleaning a temporary directory stumbles on.
      Files.deleteIfExists(port());
      Files.deleteIfExists(deviceEnd());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
