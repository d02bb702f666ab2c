package io.github.childconnector;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of packages, and what each may import of this program. */
class ArchitectureTest {
  private static final String ROOT = "io.github.childconnector";

  /** Packages that import nothing of this program and that every other may import. */
  private static final List<String> LEAVES = List.of("clock", "disk", "fault", "log", "tls");

  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("clock", List.of()),
          Map.entry("disk", List.of()),
          Map.entry("fault", List.of()),
          Map.entry("log", List.of()),
          Map.entry("tls", List.of()),
          Map.entry("operation", List.of()),
          Map.entry("settings", List.of("operation")),
          Map.entry("http", List.of()),
          Map.entry("image", List.of("operation", "http")),
          Map.entry("journal", List.of("operation")),
          Map.entry("adapter", List.of("operation", "image", "settings")),
          Map.entry("adapter.answer", List.of("settings")),
          Map.entry("adapter.drogue.wire", List.of()),
          Map.entry("adapter.endpoint", List.of("settings")),
          Map.entry("adapter.fuota.management", List.of("adapter.endpoint", "operation")),
          Map.entry("adapter.program", List.of("adapter", "image", "operation", "settings")),
          Map.entry(
              "adapter.command",
              List.of("settings", "adapter", "adapter.program", "image", "operation", "mqtt")),
          Map.entry(
              "adapter.file",
              List.of("settings", "adapter", "adapter.program", "image", "operation")),
          Map.entry(
              "adapter.module",
              List.of("settings", "adapter", "adapter.program", "image", "operation")),
          Map.entry(
              "adapter.fuota",
              List.of(
                  "settings",
                  "adapter",
                  "adapter.endpoint",
                  "adapter.fuota.management",
                  "image",
                  "operation",
                  "mqtt")),
          Map.entry(
              "adapter.drogue",
              List.of(
                  "settings",
                  "adapter",
                  "adapter.answer",
                  "adapter.drogue.wire",
                  "adapter.endpoint",
                  "image",
                  "operation",
                  "mqtt")),
          Map.entry(
              "adapter.sming",
              List.of("settings", "adapter", "adapter.answer", "image", "operation", "mqtt")),
          Map.entry(
              "adapter.httpupload",
              List.of("settings", "adapter", "adapter.answer", "http", "image", "operation")),
          Map.entry("update", List.of("operation", "image", "adapter", "journal")),
          Map.entry("conformance", List.of("operation", "image", "adapter", "update")),
          Map.entry("mqtt", List.of("settings")),
          Map.entry("thinedge", List.of("operation", "update", "mqtt")),
          Map.entry(
              "config",
              List.of("settings", "operation", "image", "adapter", "mqtt", "thinedge", "update")),
          Map.entry("systemd", List.of()),
          Map.entry(
              "cli",
              List.of(
                  "operation",
                  "image",
                  "journal",
                  "adapter",
                  "update",
                  "mqtt",
                  "thinedge",
                  "config",
                  "conformance",
                  "systemd")));

  /** Which package alone may use a library. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "org.eclipse.paho..",
          List.of("mqtt"),
          "com.fasterxml.jackson..",
          List.of("adapter.answer", "adapter.drogue.wire"),
          "picocli..",
          List.of("cli"),
          "org.tomlj..",
          List.of("config", "thinedge"),
          "com.google.gson..",
          List.of("journal", "thinedge", "cli", "adapter.module"),
          "java.net.http..",
          List.of("http", "image", "adapter.httpupload"));

  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages(ROOT);

  @TestFactory
  Stream<DynamicTest> packagesImportOnlyWhatTheTableAllows() {
    return MAY_IMPORT.keySet().stream()
        .sorted()
        .map(name -> DynamicTest.dynamicTest(name, () -> checkImports(name)));
  }

  private static void checkImports(String name) {
    String[] allowed =
        Stream.of(
                Stream.of(name), LEAVES.stream(), MAY_IMPORT.getOrDefault(name, List.of()).stream())
            .flatMap(names -> names)
            .map(ArchitectureTest::inPackage)
            .toArray(String[]::new);
    if (LEAVES.contains(name)) {
      allowed = new String[] {inPackage(name)};
    }
    classes()
        .that()
        .resideInAPackage(inPackage(name))
        .should()
        .onlyDependOnClassesThat(not(resideInAPackage(ROOT + "..")).or(resideInAnyPackage(allowed)))
        .check(PROGRAM);
  }

  /** The families of adapters lie below {@code adapter} and are packages of their own. */
  private static String inPackage(String name) {
    return name.equals("adapter") || name.startsWith("adapter.")
        ? ROOT + "." + name
        : ROOT + "." + name + "..";
  }

  @Test
  void everyPackageIsInTheTable() {
    Stream<String> packages =
        PROGRAM.stream().map(type -> type.getPackageName()).filter(name -> !name.equals(ROOT));
    assertThat(packages.map(name -> name.substring(ROOT.length() + 1)).distinct())
        .allMatch(MAY_IMPORT::containsKey);
  }

  @Test
  void nobodyImportsAFamilyOfAdapters() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".adapter.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".adapter.*..")
        .check(PROGRAM);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(PROGRAM);
  }

  @TestFactory
  Stream<DynamicTest> librariesAreUsedInTheirPlace() {
    return LIBRARIES.entrySet().stream()
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> checkLibrary(entry)));
  }

  private static void checkLibrary(Map.Entry<String, List<String>> library) {
    String[] users =
        library.getValue().stream().map(ArchitectureTest::inPackage).toArray(String[]::new);
    noClasses()
        .that(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(users))))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library.getKey())
        .check(PROGRAM);
  }

  @Test
  void theWordsNeedJavaOnly() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".operation")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", ROOT + ".operation")
        .check(PROGRAM);
  }

  /** Where the clock of the day may be had: from there it is handed to those who write it down. */
  private static final String[] DAY_CLOCKS = {
    ROOT + ".Surroundings",
    ROOT + ".cli.StatusCommand",
    ROOT + ".cli.RequestDisplay$Style",
    ROOT + ".adapter.sming.SmingAdapterProvider"
  };

  @Test
  void noDecisionAsksTheClockOfTheDay() {
    noClasses()
        .that(not(named(DAY_CLOCKS)))
        .should()
        .callMethodWhere(calls("tell the time", ArchitectureTest::tellsTheTime))
        .orShould()
        .callConstructor(Date.class)
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.util\\.(Timer|Calendar)")
        .check(PROGRAM);
  }

  private static DescribedPredicate<JavaClass> named(String... names) {
    return describe("named", type -> List.of(names).contains(type.getName()));
  }

  private static DescribedPredicate<JavaMethodCall> calls(String what, Predicate<String> names) {
    return describe(what, call -> names.test(call.getTarget().getFullName()));
  }

  private static boolean tellsTheTime(String name) {
    return name.startsWith("java.lang.System.currentTimeMillis(")
        || name.matches("java\\.time\\.\\w+\\.now\\(\\)")
        || name.matches("java\\.time\\.(Clock|InstantSource)\\.(system|tick)\\w*\\(.*");
  }

  /** The journal's history is written by that clock, and shown; nothing is computed from it. */
  @Test
  void onlyTheHistoryIsWrittenByTheClockOfTheDay() {
    noClasses()
        .that(not(named(ROOT + ".journal.Journal", ROOT + ".update.Recorder")))
        .should()
        .callMethodWhere(
            calls("read it", name -> name.startsWith("java.time.InstantSource.instant(")))
        .check(PROGRAM);
    noClasses()
        .should()
        .callMethodWhere(
            calls(
                "compare times",
                name ->
                    name.matches(
                        "java\\.time\\.(Instant\\.(isAfter|isBefore|compareTo|until|toEpoch).*"
                            + "|Duration\\.between.*|temporal\\.ChronoUnit\\.between.*)")))
        .check(PROGRAM);
  }

  /** So that tests can lose power, or room, between any two steps, also those that come later. */
  @Test
  void whateverLastsIsWrittenThroughTheDisk() {
    noClasses()
        .that()
        .resideInAnyPackage(inPackage("journal"), inPackage("image"), inPackage("update"))
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.(nio\\.file\\.Files|nio\\.channels\\.FileChannel|io\\.(File|FileOutputStream|FileWriter|RandomAccessFile))")
        .check(PROGRAM);
  }

  /**
   * Hooks for the end of the process, and what meets the threads of the JDK's HTTP client or of the
   * MQTT library.
   */
  private static final String[] OWN_THREADS = {
    ROOT + ".Main",
    ROOT + ".Connector",
    ROOT + ".cli.Interruption",
    ROOT + ".image.Body",
    ROOT + ".mqtt.BrokerSocket",
    ROOT + ".mqtt.PahoPublisher"
  };

  /** So that a test can run them one at a time, in an order that it can repeat. */
  @Test
  void threadsAreMadeAndWaitByTheirPort() {
    noClasses()
        .that(not(resideInAPackage(inPackage("clock"))).and(not(named(OWN_THREADS))))
        .should()
        .callMethodWhere(calls("let a thread wait", ArchitectureTest::waits))
        .orShould()
        .callConstructorWhere(
            describe("make threads", call -> call.getTargetOwner().isAssignableTo(Thread.class)))
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(Timer|concurrent\\.(Executors|\\w+PoolExecutor|ForkJoin\\w*|Semaphore"
                + "|\\w+BlockingQueue|Exchanger|Phaser|CyclicBarrier|locks\\.LockSupport"
                + "|locks\\.Reentrant\\w+))")
        .check(PROGRAM);
  }

  private static boolean waits(String name) {
    return name.matches(
        "java\\.lang\\.Object\\.(wait|notify|notifyAll)\\(.*"
            + "|java\\.lang\\.Thread\\.(sleep|join|start|yield|onSpinWait)\\(.*"
            + "|java\\.util\\.concurrent\\.TimeUnit\\.(sleep|timedWait|timedJoin)\\(.*");
  }

  @Test
  void filesStayReadable() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertThat(sources).isNotEmpty();
      for (Path source : sources) {
        List<String> lines = Files.readAllLines(source);
        assertThat(lines).as("%s is over 350 lines", source).hasSizeLessThanOrEqualTo(350);
        assertThat(lines)
            .as("%s returns null", source)
            .noneMatch(line -> line.strip().equals("return null;"));
      }
    }
  }
}
