package io.github.childconnector.power;

import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.disk.Survivors;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Cuts the power at every moment of a scenario, and goes on from what the disk may hold then. */
final class PowerCuts {
  private static final int ENOUGH_PROBLEMS = 5;

  private final Scenario scenario;
  private final Tally tally;
  private final int disks;
  private final int secondCuts;
  private final List<String> problems = new ArrayList<>();

  /**
   * Cuts in a scenario.
   *
   * @param disks how many surviving disks are tried after one cut at most
   * @param secondCuts how many of those lives are cut off a second time
   */
  PowerCuts(Scenario scenario, Tally tally, int disks, int secondCuts) {
    this.scenario = scenario;
    this.tally = tally;
    this.disks = disks;
    this.secondCuts = secondCuts;
  }

  /** Returns what went wrong, each with the moments and disks that lead there. */
  List<String> run() throws IOException, InterruptedException {
    boolean wasCut = true;
    for (int moment = 1; wasCut && problems.size() < ENOUGH_PROBLEMS; moment++) {
      try (Images images = new Images(scenario)) {
        wasCut = cutAt(moment, images);
      }
    }
    return problems;
  }

  private boolean cutAt(int moment, Images images) throws InterruptedException {
    Outside outside = new Outside(scenario);
    FakeDisk disk = new FakeDisk();
    Power power = live(outside, disk, moment, images);
    if (!power.isOff()) {
      verify(outside, disk, "uncut");
      return false;
    }
    tally.add(Count.POINTS, 1);
    String where = scenario + ": cut " + power.last() + " (" + moment + ")";
    Survivors survivors = disk.survivors();
    Map<Long, FakeDisk> some = survivors.some(disks, moment);
    int left = secondCuts;
    for (Map.Entry<Long, FakeDisk> survivor : some.entrySet()) {
      String story = where + ", disk " + survivor.getKey();
      story += survivors.get(survivor.getKey()).story();
      note(Verdict.spoiltImages(survivor.getValue()), story);
      if (left-- > 0) {
        cutAgain(outside.copy(), survivor.getValue(), story, images);
      } else {
        end(outside.copy(), survivor.getValue(), story, images);
      }
    }
    return true;
  }

  private void cutAgain(Outside outside, FakeDisk disk, String story, Images images)
      throws InterruptedException {
    FakeDisk untouched = disk.survivors().get(0).disk();
    Outside first = outside.copy();
    int moments = end(first, untouched, story, images);
    int moment = 1 + new Random(story.hashCode()).nextInt(moments);
    Power power = live(outside, disk, moment, images);
    if (power.isOff()) {
      tally.add(Count.POINTS, 1);
      Survivors survivors = disk.survivors();
      String where = story + "; then " + power.last() + " (" + moment + ")";
      for (Map.Entry<Long, FakeDisk> survivor : survivors.some(3, moment).entrySet()) {
        String whole = where + ", disk " + survivor.getKey();
        whole += survivors.get(survivor.getKey()).story();
        end(outside.copy(), survivor.getValue(), whole, images);
      }
    }
  }

  private Power live(Outside outside, FakeDisk disk, int moment, Images images)
      throws InterruptedException {
    Power power = new Power(moment);
    tally.add(Count.RUNS, 1);
    new Life(outside, disk, power, images).live();
    return power;
  }

  /** The last life, which nothing disturbs. */
  private int end(Outside outside, FakeDisk disk, String story, Images images)
      throws InterruptedException {
    int moments = live(outside, disk, Power.NEVER, images).moments();
    verify(outside, disk, story);
    return moments;
  }

  private void note(List<String> found, String story) {
    tally.add(Count.CONTRADICTIONS, found.size());
    found.forEach(problem -> problems.add(problem + "\n  " + story));
  }

  private void verify(Outside outside, FakeDisk disk, String story) {
    Verdict verdict = new Verdict(outside, disk);
    tally.add(Count.OPERATIONS, verdict.operations());
    tally.add(Count.FLASHES, outside.flashes());
    tally.add(Count.CONTRADICTIONS, verdict.contradictions().size());
    tally.add(Count.LOST, verdict.lost().size());
    tally.add(Count.LEAKS, verdict.leaks().size());
    verdict
        .all()
        .forEach(problem -> problems.add(problem + "\n  " + story + "\n  " + outside.told()));
  }
}
