package io.github.childconnector.simulation;

import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.disk.Survivors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One scenario from its beginning to its end, over as many lives as its seed wants: which scenario
 * it is, when the process is killed or the power goes, and what is left of the disk then.
 */
final class Run {
  private static final int MOST_KILLS = 3;

  /** About as many moments as a whole update has. */
  private static final int MOST_MOMENTS = 260;

  private static final int MOST_LIVES = 10;

  private final Carriers carriers;
  private final long seed;
  private final Random random;
  private final Scenario scenario;
  private final World world;
  private final Trace trace;
  private final List<String> story = new ArrayList<>();
  private FakeDisk disk = new FakeDisk();
  private int lives;

  Run(Carriers carriers, long seed, Trace trace) {
    this.carriers = carriers;
    this.seed = seed;
    this.random = new Random(seed);
    this.scenario = Scenario.ALL.get(random.nextInt(Scenario.ALL.size()));
    this.world = new World(scenario);
    this.trace = trace;
  }

  /** Lives to the end of all lives; returns what is wrong. */
  Verdict judge() {
    int kills = random.nextInt(MOST_KILLS + 1);
    boolean done = false;
    while (!done && lives < MOST_LIVES) {
      done = live(kills > 0);
      kills--;
    }
    if (!done) {
      world.problem("no life comes to its end");
    }
    if (world.wasDiskRefused()) {
      tidy();
    }
    return new Verdict(world, disk);
  }

  /** One more start, which removes what could not be removed before. */
  private void tidy() {
    Scheduler scheduler = new Scheduler(carriers, seed, world.now(), trace);
    boolean unused = new Life(world, disk, Mishaps.none(seed), scheduler).live();
  }

  private boolean live(boolean isKilled) {
    lives++;
    long lifeSeed = random.nextLong();
    Scheduler scheduler = new Scheduler(carriers, lifeSeed, world.now(), trace);
    if (isKilled) {
      scheduler.killAt(1 + random.nextInt(MOST_MOMENTS));
    }
    Mishaps mishaps = Mishaps.some(lifeSeed);
    boolean done = new Life(world, disk, mishaps, scheduler).live();
    if (scheduler.wasKilled()) {
      kill(scheduler.last());
    }
    world.moveTo(world.now() + Duration.ofMillis(100L * random.nextInt(30)).toNanos());
    return done;
  }

  private void kill(String where) {
    boolean isPowerCut = random.nextBoolean();
    world.killed(isPowerCut);
    if (isPowerCut) {
      Survivors survivors = disk.survivors();
      long number = Math.floorMod(random.nextLong(), survivors.count());
      Survivors.Survivor survivor = survivors.get(number);
      disk = survivor.disk();
      Verdict.spoiltImages(disk).forEach(world::problem);
      story.add("the power went " + where + ", and left disk " + number + survivor.story());
    } else {
      story.add("killed " + where);
    }
  }

  int lives() {
    return lives;
  }

  /** What happened, with what is needed to see it again. */
  String account() {
    return "  -Dsimulation.seed="
        + seed
        + " ("
        + scenario
        + ")\n  "
        + story
        + "\n  "
        + world.heard();
  }
}
