package io.github.childconnector;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.log.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The daemon with {@link FaultPoints} around everything it does that lasts. */
@NullMarked
final class BreakableDaemon {
  private BreakableDaemon() {}

  public static void main(String[] arguments) {
    Main.prepare(Severity.INFO);
    Surroundings breakable =
        surround(Surroundings.ofThisMachine(), FaultPoints.ofThisProcess(), arguments[0]);
    System.exit(Connector.main(Path.of(arguments[0]), breakable));
  }

  private static Surroundings surround(Surroundings real, FaultPoints points, String config) {
    List<AdapterProvider> adapters =
        real.adapters().stream()
            .map(provider -> new BreakableAdapters(provider, points))
            .collect(Collectors.toUnmodifiableList());
    return new Surroundings(
        adapters,
        new BreakableDisk(points),
        (broker, clock) ->
            new BreakableLink(new NotedLink(real.links().apply(broker, clock), config), points),
        real.time(),
        real.environment());
  }
}
