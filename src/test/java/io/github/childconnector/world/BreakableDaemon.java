package io.github.childconnector.world;

import io.github.childconnector.TestConnector;
import java.nio.file.Path;
import org.jspecify.annotations.NullMarked;

/** The daemon with {@link FaultPoints} around everything it does that lasts. */
@NullMarked
public final class BreakableDaemon {
  private BreakableDaemon() {}

  public static void main(String[] arguments) {
    TestConnector.prepare();
    FaultPoints points = FaultPoints.ofThisProcess();
    TestConnector breakable =
        TestConnector.ofThisMachine()
            .families(provider -> new BreakableAdapters(provider, points))
            .disk(new BreakableDisk(points))
            .links(link -> new BreakableLink(new NotedLink(link, arguments[0]), points));
    System.exit(breakable.run(Path.of(arguments[0])));
  }
}
