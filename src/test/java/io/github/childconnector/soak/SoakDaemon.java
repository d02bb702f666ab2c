package io.github.childconnector.soak;

import io.github.childconnector.TestConnector;
import io.github.childconnector.disk.ForwardingDisk;
import io.github.childconnector.mqtt.FastLinks;
import io.github.childconnector.world.NotedLink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.NullMarked;

/**
 * The daemon with a disk that is full while a file {@code full} is there, a clock of the day that
 * is wrong by what a file {@code hours} says, and a link that does not wait long.
 */
@NullMarked
final class SoakDaemon {
  private SoakDaemon() {}

  /** Takes the configuration and the directory of those files. */
  public static void main(String[] arguments) {
    TestConnector.prepare();
    Path switches = Path.of(arguments[1]);

    FastLinks links = new FastLinks();
    TestConnector soaked =
        TestConnector.ofThisMachine()
            .disk(new FillingDisk(switches.resolve("full")))
            .links((broker, clock) -> new NotedLink(links.to(broker), arguments[0]))
            .time(() -> Instant.now().plus(error(switches.resolve("hours"))));
    System.exit(soaked.run(Path.of(arguments[0])));
  }

  private static Duration error(Path file) {
    try {
      return Files.exists(file)
          ? Duration.ofHours(Long.parseLong(Files.readString(file)))
          : Duration.ZERO;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class FillingDisk extends ForwardingDisk {
    private final Path full;

    private FillingDisk(Path full) {
      this.full = full;
    }

    private void requireRoom() throws IOException {
      if (Files.exists(full)) {
        throw new IOException("No space left on device");
      }
    }

    /** As a real one it takes what still has room. */
    @Override
    protected Output output(Path file, Output output) {
      return new ForwardingOutput(output) {
        @Override
        public void write(byte[] bytes, int length) throws IOException {
          if (Files.exists(full)) {
            super.write(Arrays.copyOf(bytes, length / 2), length / 2);
          }
          requireRoom();
          super.write(bytes, length);
        }
      };
    }

    @Override
    public long usableSpace(Path directory) throws IOException {
      return Files.exists(full) ? 0 : super.usableSpace(directory);
    }
  }
}
