package io.github.childconnector.simulation;

import io.github.childconnector.image.ScriptedSource;
import io.github.childconnector.simulation.Scenario.Trait;
import java.io.IOException;

/** The file server of a scenario, by virtual time. */
final class SimulatedFiles implements ScriptedSource.Script {
  private final Scheduler scheduler;
  private final Scenario scenario;
  private final Mishaps mishaps;
  private int answers;

  SimulatedFiles(Scheduler scheduler, Scenario scenario, Mishaps mishaps) {
    this.scheduler = scheduler;
    this.scenario = scenario;
    this.mishaps = mishaps;
  }

  @Override
  public byte[] content(String path) throws InterruptedException {
    scheduler.sleep(mishaps.time(200));
    String id = path.substring(1);
    answers++;
    if (scenario.is(Trait.SPOILT)) {
      return Images.bytes("other");
    }
    boolean isOlder = scenario.is(Trait.REPLACED) && answers == 1;
    return isOlder ? Images.bytes("older") : scenario.image(id);
  }

  @Override
  public void beforePiece(ScriptedSource.Connection connection)
      throws IOException, InterruptedException {
    scheduler.sleep(mishaps.time(50));
    if (mishaps.breaks()) {
      if (mishaps.chance(2) == 0) {
        throw new IOException("the connection broke");
      }
      boolean unused =
          scheduler.waitInterruptibly("the file server", connection::isClosed, Strand.NEVER);
    }
  }
}
