package io.github.childconnector.matrix;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.NullMarked;

/** What was found in one scenario, and where its recovery has been killed so far. */
@NullMarked
final class CrashFindings {
  private final CrashScenario scenario;
  private List<String> points = List.of();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private int killed;
  private final Map<String, List<String>> recovery = new LinkedHashMap<>();
  private int killedTwice;

  CrashFindings(CrashScenario scenario) {
    this.scenario = scenario;
  }

  /** Notes where the connector can be killed: what it came by when nobody disturbed it. */
  void undisturbed(CrashRun.Course course) {
    points = scenario.ownPoints(course.points());
  }

  /** Where the connector is to be killed: everywhere, or where its name begins with that. */
  List<String> points(String only) {
    List<String> all = scenario.isExhaustive() ? points : distinct(points);
    return all.stream().filter(point -> (scenario + " " + point).startsWith(only)).toList();
  }

  /**
   * Leaves out what only differs by name from what came before: a SIGKILL takes nothing back that
   * was written, forced or not, and nothing happens between the end of one deed and the beginning
   * of the next.
   */
  static List<String> distinct(List<String> points) {
    List<String> distinct = new ArrayList<>();
    boolean isAfter = false;
    for (String point : points) {
      boolean isBefore = point.contains(" before#");
      if (!point.startsWith("force ") && !point.startsWith("close ")) {
        if (!isBefore || !isAfter) {
          distinct.add(point);
        }
        isAfter = point.contains(" after#");
      }
    }
    return distinct;
  }

  CrashScenario scenario() {
    return scenario;
  }

  /** Notes what came of it when the connector was killed at these points. */
  void note(List<String> points, CrashRun.Course course) {
    if (!course.broken().isEmpty()) {
      String failure =
          "%s killed at %s: %s\n%s".formatted(scenario, points, course.broken(), course.account());
      System.out.println(failure);
      failures.add(failure);
    }
  }

  /** Notes a point that the connector came by once, and then no more. */
  void missed(String point) {
    failures.add(scenario + " did not come again to " + point);
  }

  /** Notes a point of recovery that was not reached again: recoveries are not all the same. */
  synchronized void missedInRecovery(List<String> points) {
    System.out.println(scenario + " did not come again to " + points);
  }

  /** Notes a recovery that was killed too. */
  synchronized void recoveredAgain() {
    killedTwice++;
  }

  /** What was found, with all that is needed to see why. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  /**
   * Notes where a recovery could be killed.
   *
   * @param first where the connector was killed before
   */
  synchronized void recovered(String first, CrashRun.Course course) {
    killed++;
    if (scenario.isKilledTwice()) {
      for (String point : distinct(course.points())) {
        recovery.computeIfAbsent(point, unseen -> new ArrayList<>()).add(first);
      }
    }
  }

  /**
   * Where recoveries are to be killed: once at each of their points, every time after another first
   * kill, as far as there is one.
   */
  synchronized List<List<String>> recoveries() {
    List<List<String>> pairs = new ArrayList<>();
    recovery.forEach(
        (point, firsts) -> pairs.add(List.of(firsts.get(pairs.size() % firsts.size()), point)));
    return pairs;
  }

  /** At how many points the connector was killed, recoveries included. */
  synchronized int killed() {
    return killed + killedTwice;
  }

  @Override
  public synchronized String toString() {
    return "%s: killed at %d points and at %d of %d points of recovery"
        .formatted(scenario, killed, killedTwice, recovery.size());
  }
}
