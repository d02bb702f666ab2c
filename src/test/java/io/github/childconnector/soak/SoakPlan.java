package io.github.childconnector.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/**
 * What happens in a soak, and when: all of it follows from a seed.
 *
 * @param requests in their order; an id stands here again where its request is sent again
 * @param outages what happens to the connector and its broker, one after the other
 * @param troubles what happens around them meanwhile
 */
@NullMarked
record SoakPlan(
    List<Child> children, List<Request> requests, List<Fault> outages, List<Fault> troubles) {
  private static final int CHILDREN = 200;
  private static final int ON_A_BUS = 60;
  private static final int PER_BUS = 4;
  private static final int VERSIONS = 40;
  private static final int REQUESTS_PER_SECOND = 3;
  private static final int PERCENT = 100;

  /**
   * A child and what its programs can.
   *
   * @param readable whether its device tells its version
   * @param restorable whether it has a rollback
   * @param repeatable whether an installation that was cut off may be done again
   */
  record Child(
      String id, Optional<String> bus, boolean readable, boolean restorable, boolean repeatable) {}

  /** What is wrong with a request. */
  enum Flaw {
    NONE,
    WRONG_DIGEST,
    MISSING_FILE,
    FOREIGN_HOST,
    INCOMPLETE
  }

  /** What a device does when it is to be flashed, as a piece of shell. */
  enum Behaviour {
    WELL("", true),
    SLOW("sleep 1", true),
    FAILS("echo 'no link' >&2; exit 3", true),
    FAILS_AFTERWARDS("well \"$1\" \"$2\"; exit 3", true),
    BUSY("echo >>busy-$2; [ $(wc -l <busy-$2) -gt 2 ] || { echo 'in use' >&2; exit 75; }", true),
    BUSY_FOR_EVER("exit 75", true),
    HANGS("while :; do sleep 0.1; done", true),
    HANGS_STUBBORNLY("trap '' TERM; while :; do sleep 0.1; done", true),
    CRASHES("kill -SEGV $$", true),
    FLOODS("seq 1 100000; seq 1 100000 >&2", true),
    FLOODS_FOR_EVER("exec yes", true),
    LEAVES_ORPHANS("(setsid sleep 1000 &); sleep 1000 &", true),
    LATE(
        "cp \"$1\" image; printf '%s\\n' \"$2\" >version.late; echo 0 >countdown\n"
            + "while :; do sleep 0.1; done",
        false),
    CONFIRMS_LATE(
        "cp \"$1\" image; printf '%s\\n' \"$2\" >version.late; echo 1 >countdown; exit 0", false),
    DOES_NOTHING("exit 0", false);

    private final String shell;
    private final boolean blind;

    /** {@code blind}: the truth can be told by whoever does not see the version. */
    Behaviour(String shell, boolean blind) {
      this.shell = shell;
      this.blind = blind;
    }

    String shell() {
      return shell;
    }

    boolean isBusy() {
      return this == BUSY || this == BUSY_FOR_EVER;
    }
  }

  /** One message to the connector. */
  record Request(
      Duration at, Child child, String id, String version, Flaw flaw, Behaviour behaviour) {

    Request again(Duration later) {
      return new Request(at.plus(later), child, id, version, flaw, behaviour);
    }

    /** How often its device may be asked to install. */
    int installs() {
      if (flaw != Flaw.NONE) {
        return 0;
      }
      int repeated = child.repeatable() ? 4 : 1;
      return behaviour.isBusy() ? Integer.MAX_VALUE : repeated;
    }
  }

  /** What is broken for a while. */
  enum Kind {
    CONNECTOR_KILLED,
    CONNECTOR_KILLED_TWICE,
    CONNECTOR_STOPPED,
    BROKER_KILLED,
    BROKER_STOPPED,
    NETWORK_CUT,
    NETWORK_FROZEN,
    DOWNLOADS_STALL,
    DOWNLOADS_RESET,
    DOWNLOADS_CUT_SHORT,
    DOWNLOADS_MISSING,
    DISK_FULL,
    CLOCK_JUMPS;

    boolean isOutage() {
      return compareTo(BROKER_STOPPED) <= 0;
    }
  }

  /** Something breaks. */
  record Fault(Duration at, Kind kind, Duration lasts) {}

  /** The plan for this seed and time. */
  static SoakPlan of(long seed, Duration time) {
    Random random = new Random(seed);
    List<Child> children = IntStream.range(0, CHILDREN).mapToObj(i -> child(i, random)).toList();
    return new SoakPlan(
        children,
        requests(random, time, children),
        faults(random, time, true),
        faults(random, time, false));
  }

  private static Child child(int number, Random random) {
    Optional<String> bus =
        number < ON_A_BUS ? Optional.of("bus-" + number / PER_BUS) : Optional.empty();
    return new Child(
        "child-" + number, bus, !chance(random, 15), chance(random, 60), chance(random, 25));
  }

  private static boolean chance(Random random, int percent) {
    return random.nextInt(PERCENT) < percent;
  }

  private static List<Request> requests(Random random, Duration time, List<Child> children) {
    List<Request> requests = new ArrayList<>();
    int count = (int) time.toSeconds() * REQUESTS_PER_SECOND;
    for (int i = 0; i < count; i++) {
      Request request = request(random, time.multipliedBy(i).dividedBy(count), i, children);
      requests.add(request);
      if (chance(random, 10)) {
        requests.add(request);
      }
      if (chance(random, 20)) {
        requests.add(request.again(Duration.ofMillis(random.nextInt(20_000))));
      }
    }
    requests.sort(Comparator.comparing(Request::at));
    return List.copyOf(requests);
  }

  private static Request request(Random random, Duration at, int number, List<Child> children) {
    Child child = children.get(random.nextInt(children.size()));
    Flaw flaw = chance(random, 85) ? Flaw.NONE : any(random, Flaw.values());
    Behaviour behaviour = chance(random, 50) ? Behaviour.WELL : any(random, behaviours(child));
    String version = "v" + random.nextInt(VERSIONS);
    return new Request(
        at, child, "op%x-%05d".formatted(children.hashCode(), number), version, flaw, behaviour);
  }

  private static Behaviour[] behaviours(Child child) {
    return Stream.of(Behaviour.values())
        .filter(behaviour -> child.readable() || behaviour.blind)
        .toArray(Behaviour[]::new);
  }

  private static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  /** Each kind comes once before any comes again. */
  private static List<Fault> faults(Random random, Duration time, boolean outages) {
    List<Kind> kinds =
        new ArrayList<>(Stream.of(Kind.values()).filter(it -> it.isOutage() == outages).toList());
    List<Fault> faults = new ArrayList<>();
    Duration at = Duration.ofSeconds(2);
    while (at.compareTo(time) < 0) {
      if (faults.size() % kinds.size() == 0) {
        Collections.shuffle(kinds, random);
      }
      Duration lasts = Duration.ofMillis(300 + random.nextInt(2700));
      faults.add(new Fault(at, kinds.get(faults.size() % kinds.size()), lasts));
      at = at.plus(lasts).plusMillis(500 + random.nextInt(5000));
    }
    return List.copyOf(faults);
  }
}
