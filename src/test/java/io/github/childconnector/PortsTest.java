package io.github.childconnector;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static io.github.childconnector.ArchitectureTest.PROGRAM;
import static io.github.childconnector.ArchitectureTest.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Date;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * What goes through a port, so that tests can stand in for it: the time, the threads, and what
 * lasts on the disk. Each exception is named, and one that nobody needs is refused.
 */
class PortsTest {
  /** Classes where the clock of the day is had, and handed to those who write it down. */
  private static final List<String> DAY_CLOCKS =
      List.of(
          "Connector$Surroundings",
          "adapter.sming.SmingAdapterProvider",
          "cli.RequestDisplay$Style",
          "cli.StatusCommand");

  /** Classes that read that clock: the journal's history is written by it, and shown. */
  private static final List<String> HISTORIANS = List.of("journal.Journal", "update.Recorder");

  /**
   * Hooks for the end of the process, and what waits for the threads of the JDK's HTTP client or of
   * the MQTT library.
   */
  private static final List<String> OWN_THREADS =
      List.of(
          "Connector",
          "Main",
          "cli.AdapterTestCommand$Interruption",
          "image.HttpSource$Body",
          "mqtt.BrokerSocket$Incoming",
          "mqtt.PahoPublisher");

  @Test
  void theClockOfTheDayIsHadWhereItIsHandedOn() {
    assertThat(
            users(
                type ->
                    calls(type, PortsTest::tellsTheTime)
                        || makes(type, Date.class)
                        || uses(type, "java\\.util\\.(Timer|Calendar)")))
        .isEqualTo(DAY_CLOCKS);
  }

  private static boolean tellsTheTime(String name) {
    return name.startsWith("java.lang.System.currentTimeMillis(")
        || name.matches("java\\.time\\.\\w+\\.now\\(\\)")
        || name.matches("java\\.time\\.(Clock|InstantSource)\\.(system|tick)\\w*\\(.*");
  }

  @Test
  void onlyTheHistoryIsWrittenByTheClockOfTheDay() {
    assertThat(
            users(type -> calls(type, name -> name.startsWith("java.time.InstantSource.instant("))))
        .isEqualTo(HISTORIANS);
  }

  @Test
  void nothingIsComputedFromTheClockOfTheDay() {
    assertThat(users(type -> calls(type, PortsTest::comparesTimes))).isEmpty();
  }

  private static boolean comparesTimes(String name) {
    return name.matches(
        "java\\.time\\.(Instant\\.(isAfter|isBefore|compareTo|until|toEpoch).*"
            + "|Duration\\.between.*|temporal\\.ChronoUnit\\.between.*)");
  }

  /** So that tests can lose power, or room, between any two steps, also those that come later. */
  @Test
  void whateverLastsIsWrittenThroughTheDisk() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + ".journal..", ROOT + ".image..", ROOT + ".update..", ROOT + ".thinedge.v1..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.(nio\\.file\\.Files|nio\\.channels\\.FileChannel|io\\.(File|FileOutputStream|FileWriter|RandomAccessFile))")
        .check(PROGRAM);
  }

  /** So that a test can run them one at a time, in an order that it can repeat. */
  @Test
  void threadsAreMadeAndWaitByTheirPort() {
    assertThat(
            users(
                type ->
                    !type.getPackageName().equals(ROOT + ".clock")
                        && (calls(type, PortsTest::waits)
                            || makes(type, Thread.class)
                            || uses(
                                type,
                                "java\\.util\\.(Timer|concurrent\\.(Executors|\\w+PoolExecutor"
                                    + "|ForkJoin\\w*|Semaphore|\\w+BlockingQueue|Exchanger|Phaser"
                                    + "|CyclicBarrier|locks\\.LockSupport|locks\\.Reentrant\\w+))"))))
        .isEqualTo(OWN_THREADS);
  }

  private static boolean waits(String name) {
    return name.matches(
        "java\\.lang\\.Object\\.(wait|notify|notifyAll)\\(.*"
            + "|java\\.lang\\.Thread\\.(sleep|join|start|yield|onSpinWait)\\(.*"
            + "|java\\.util\\.concurrent\\.TimeUnit\\.(sleep|timedWait|timedJoin)\\(.*"
            + "|java\\.util\\.concurrent\\.CountDownLatch\\.await\\(.*"
            + "|java\\.util\\.concurrent\\.\\w*Future\\.(get|join)\\(.*"
            + "|java\\.util\\.concurrent\\.\\w*Execut\\w+"
            + "\\.(awaitTermination|invokeAll|invokeAny|close)\\(.*");
  }

  /** The names of the classes of that kind, below the root package and in order. */
  private static List<String> users(Predicate<JavaClass> kind) {
    return PROGRAM.stream()
        .filter(kind)
        .map(type -> type.getName().substring(ROOT.length() + 1))
        .sorted()
        .toList();
  }

  private static boolean calls(JavaClass type, Predicate<String> wanted) {
    return type.getMethodCallsFromSelf().stream()
        .anyMatch(call -> wanted.test(call.getTarget().getFullName()));
  }

  private static boolean makes(JavaClass type, Class<?> wanted) {
    return type.getConstructorCallsFromSelf().stream()
        .anyMatch(call -> call.getTargetOwner().isAssignableTo(wanted));
  }

  private static boolean uses(JavaClass type, String names) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(dependency -> dependency.getTargetClass().getName().matches(names));
  }
}
