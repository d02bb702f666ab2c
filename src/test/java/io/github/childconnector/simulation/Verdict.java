package io.github.childconnector.simulation;

import io.github.childconnector.disk.FakeDisk;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.simulation.Scenario.Trait;
import io.github.childconnector.world.Broken;
import io.github.childconnector.world.Tally;
import io.github.childconnector.world.Tally.Count;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/** What is wrong once all is over. */
final class Verdict {
  private static final String IMAGE = "[0-9a-f]{64}";

  private final World world;
  private final FakeDisk disk;
  private final Scenario scenario;
  private final Broken broken = new Broken();

  Verdict(World world, FakeDisk disk) {
    this.world = world;
    this.disk = disk;
    this.scenario = world.scenario();
    world.problems().forEach(broken::contradict);
    scenario.ids().forEach(this::operation);
    strangers();
    scenario.children().forEach(this::device);
    world.tellings().forEach(broken::checkPauses);
    broken.checkJournal(Life.OPERATIONS, disk);
    files();
  }

  List<String> all() {
    return broken.all();
  }

  void count(Tally tally) {
    tally.add(Count.OPERATIONS, scenario.ids().size());
    tally.add(Count.FLASHES, world.flashes());
    broken.count(tally);
  }

  private List<Told> toldOf(String id) {
    return world.heard().stream().filter(told -> told.id().equals(id)).toList();
  }

  private List<Told> ends(String id) {
    return toldOf(id).stream().filter(Told::isEnd).toList();
  }

  private void operation(String id) {
    broken.checkEnds(id, toldOf(id), Told::isEnd, Told::text);
    ends(id).stream()
        .map(Told::words)
        .distinct()
        .filter(words -> !isAllowed(id, words))
        .forEach(words -> broken.contradict(id + " ended as " + words));
  }

  /** Whoever finds an installation begun by another life cannot know how far it came. */
  private boolean isAllowed(String id, String words) {
    boolean wasCutOff =
        words.equals("failed interrupted") && !scenario.is(Trait.REPEATABLE) && world.wasCutOff(id);
    boolean wasRefused =
        world.wereImagesRefused()
            && (words.equals("failed disk-full") || words.equals("failed storage-failed"));
    return scenario.mayEnd(id, words) || wasCutOff || wasRefused;
  }

  private void strangers() {
    world.heard().stream()
        .map(Told::id)
        .distinct()
        .filter(id -> !scenario.ids().contains(id))
        .forEach(id -> broken.contradict(id + " was never requested"));
  }

  /** What was said of the last operation of a device must be so. */
  private void device(ChildId child) {
    String version = world.device(child).version(world.now());
    if (world.device(child).isAtWork(world.now())) {
      broken.leak("a program is still at work on " + child);
    }
    List<String> ids =
        scenario.requests().stream()
            .filter(request -> request.child().equals(child))
            .map(Scenario.Request::id)
            .distinct()
            .toList();
    List<Told> last = ends(ids.get(ids.size() - 1));
    Optional<String> said = last.isEmpty() ? Optional.empty() : said(last.get(0));
    if (said.isPresent() && !said.get().equals(version)) {
      broken.contradict(child + " runs " + version + ", and not " + said.get() + " as was said");
    }
  }

  private Optional<String> said(Told end) {
    if (end.isSuccess()) {
      return Optional.of(scenario.version(end.id()));
    }
    // Such a device comes up when it likes.
    return scenario.is(Trait.LATE) ? Optional.empty() : end.held();
  }

  private void files() {
    disk.files().keySet().stream()
        .map(Verdict::name)
        .filter(name -> !name.endsWith(".json") && !name.matches(IMAGE))
        .filter(name -> !name.matches("sequence|mismatches"))
        .forEach(name -> broken.leak(name + " is left"));
  }

  /** Images whose bytes are not those of their name, on a disk that a power cut has left. */
  static List<String> spoiltImages(FakeDisk disk) {
    return disk.files().entrySet().stream()
        .filter(file -> name(file.getKey()).matches(IMAGE))
        .filter(file -> !name(file.getKey()).equals(DigestUtils.sha256Hex(file.getValue().array())))
        .map(file -> name(file.getKey()) + " has not its bytes")
        .toList();
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }
}
