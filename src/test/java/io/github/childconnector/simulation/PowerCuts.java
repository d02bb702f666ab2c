package io.github.childconnector.simulation;

import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.disk.Survivors;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Cuts the power at every moment of a scenario, and goes on from what the disk may hold then; also
 * kills the process at every moment, and cuts the power while it recovers from that.
 */
final class PowerCuts {
  private static final int ENOUGH_PROBLEMS = 5;
  private static final int MOST_LIVES = 5;

  /** Most of what happens in a recovery happens soon. */
  private static final int MOST_RECOVERY = 40;

  private static final Duration DOWN = Duration.ofSeconds(1);

  private final Carriers carriers;
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
  PowerCuts(Carriers carriers, Scenario scenario, Tally tally, int disks, int secondCuts) {
    this.carriers = carriers;
    this.scenario = scenario;
    this.tally = tally;
    this.disks = disks;
    this.secondCuts = secondCuts;
  }

  /** Returns what went wrong, each with the moments and disks that lead there. */
  List<String> run() {
    boolean wasCut = true;
    for (int moment = 1; wasCut && problems.size() < ENOUGH_PROBLEMS; moment++) {
      wasCut = cutAt(moment);
    }
    return problems;
  }

  /** A scenario that is told to stop goes on in a second life, whose moments follow the first's. */
  private boolean cutAt(int moment) {
    World world = new World(scenario);
    FakeDisk disk = new FakeDisk();
    String where = liveUntil(moment, world, disk);
    if (where.isEmpty()) {
      verify(world, disk, "uncut");
      return false;
    }
    tally.add(Count.POINTS, 1);
    world.killed(true);
    goOnFrom(world, disk, where);
    if (secondCuts > 0) {
      killAt(moment);
    }
    return true;
  }

  /** What is written and not forced out is there after a kill, and may not be after the cut. */
  private void killAt(int moment) {
    World world = new World(scenario);
    FakeDisk disk = new FakeDisk();
    String where = liveUntil(moment, world, disk);
    world.killed(false);
    cutAgainAt(1 + new Random(moment).nextInt(MOST_RECOVERY), world, disk, "killed " + where);
  }

  /** Where it was killed; empty if it came to its end before. */
  private String liveUntil(int moment, World world, FakeDisk disk) {
    int before = 0;
    boolean done = false;
    while (!done) {
      Scheduler scheduler = scheduler(world);
      scheduler.killAt(moment - before);
      done = live(world, disk, scheduler);
      if (scheduler.wasKilled()) {
        return scenario + " " + scheduler.last() + " (" + moment + ")";
      }
      before += scheduler.moments();
    }
    return "";
  }

  private void goOnFrom(World world, FakeDisk disk, String where) {
    Survivors survivors = disk.survivors();
    int left = secondCuts;
    for (Map.Entry<Long, FakeDisk> survivor : survivors.some(disks, where.hashCode()).entrySet()) {
      String story = "cut " + where + ", disk " + survivor.getKey();
      story += survivors.get(survivor.getKey()).story();
      note(Verdict.spoiltImages(survivor.getValue()), story);
      if (left-- > 0) {
        cutAgain(world.copy(), survivor.getValue(), story);
      } else {
        end(world.copy(), survivor.getValue(), story);
      }
    }
  }

  private void cutAgain(World world, FakeDisk disk, String story) {
    int moments = end(world.copy(), disk.survivors().get(0).disk(), story);
    cutAgainAt(1 + new Random(story.hashCode()).nextInt(moments), world, disk, story);
  }

  private void cutAgainAt(int moment, World world, FakeDisk disk, String story) {
    Scheduler scheduler = scheduler(world);
    scheduler.killAt(moment);
    boolean unused = live(world, disk, scheduler);
    if (scheduler.wasKilled()) {
      tally.add(Count.POINTS, 1);
      world.killed(true);
      Survivors survivors = disk.survivors();
      String where = story + "; then " + scheduler.last() + " (" + moment + ")";
      for (Map.Entry<Long, FakeDisk> survivor : survivors.some(3, moment).entrySet()) {
        String whole = where + ", disk " + survivor.getKey();
        whole += survivors.get(survivor.getKey()).story();
        end(world.copy(), survivor.getValue(), whole);
      }
    } else {
      end(world, disk, story);
    }
  }

  private Scheduler scheduler(World world) {
    world.moveTo(world.now() + DOWN.toNanos());
    return new Scheduler(carriers, scenario.name().hashCode(), world.now(), Trace.none());
  }

  private boolean live(World world, FakeDisk disk, Scheduler scheduler) {
    tally.add(Count.RUNS, 1);
    return new Life(world, disk, Mishaps.none(1), scheduler).live();
  }

  /** The last lives, which nothing disturbs. */
  private int end(World world, FakeDisk disk, String story) {
    int moments = 0;
    boolean done = false;
    for (int lives = 0; !done && lives < MOST_LIVES; lives++) {
      Scheduler scheduler = scheduler(world);
      done = live(world, disk, scheduler);
      moments = Math.max(moments, scheduler.moments());
    }
    verify(world, disk, story);
    return moments;
  }

  private void note(List<String> found, String story) {
    tally.add(Count.CONTRADICTIONS, found.size());
    found.forEach(problem -> problems.add(problem + "\n  " + story));
  }

  private void verify(World world, FakeDisk disk, String story) {
    Verdict verdict = new Verdict(world, disk);
    verdict.count(tally);
    verdict
        .all()
        .forEach(problem -> problems.add(problem + "\n  " + story + "\n  " + world.heard()));
  }
}
