package io.github.childconnector;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The table of packages, and what each may import of this program. A new family of adapters needs
 * no row; a permission that nobody uses is refused.
 */
class ArchitectureTest {
  static final String ROOT = "io.github.childconnector";

  /** Packages that import nothing of this program but each other, and that every other may. */
  private static final List<String> LEAVES =
      List.of("clock", "disk", "fault", "http", "log", "net", "tls");

  /** What {@code adapter.<family>} and the rooms of a family may import, beside each other. */
  private static final List<String> A_FAMILY =
      List.of(
          "adapter",
          "adapter.answer",
          "adapter.endpoint",
          "adapter.program",
          "image",
          "mqtt",
          "operation",
          "settings");

  /** What the others may import; the root, which puts all together, everything but families. */
  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("operation", List.of()),
          Map.entry("settings", List.of("operation")),
          Map.entry("image", List.of("operation")),
          Map.entry("journal", List.of("operation")),
          Map.entry("adapter", List.of("operation", "image", "settings")),
          Map.entry("adapter.answer", List.of("operation", "settings")),
          Map.entry("adapter.endpoint", List.of("adapter", "operation", "settings")),
          Map.entry("adapter.program", List.of("adapter", "operation", "settings")),
          Map.entry("update", List.of("operation", "image", "adapter", "journal")),
          Map.entry("conformance", List.of("operation", "image", "adapter", "update")),
          Map.entry("mqtt", List.of("settings")),
          Map.entry("thinedge", List.of("operation", "update", "mqtt", "settings")),
          Map.entry("thinedge.v1", List.of("operation", "mqtt", "thinedge", "update")),
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
                  "conformance")));

  /** Which packages alone may use a library. */
  private static final Map<String, List<String>> LIBRARIES =
      Map.of(
          "org.eclipse.paho",
          List.of("mqtt"),
          "com.fasterxml.jackson",
          List.of("adapter.answer", "adapter.drogue.wire"),
          "picocli",
          List.of("cli"),
          "org.tomlj",
          List.of("config", "thinedge"),
          "org.apache.commons.codec",
          List.of("operation", "adapter.httpupload", "adapter.sming"),
          "com.google.gson",
          List.of("journal", "thinedge", "thinedge.v1", "cli", "adapter.module"),
          "java.net.http",
          List.of("http", "image", "adapter.httpupload"));

  static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages(ROOT);

  /** Which package imports which, of this program and of others, with a line that shows it. */
  private static final Map<String, Map<String, String>> ARROWS = arrows();

  private static Map<String, Map<String, String>> arrows() {
    Map<String, Map<String, String>> arrows = new TreeMap<>();
    for (JavaClass type : PROGRAM) {
      Map<String, String> from =
          arrows.computeIfAbsent(room(type.getPackageName()), name -> new TreeMap<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        String to = room(dependency.getTargetClass().getBaseComponentType().getPackageName());
        from.putIfAbsent(to, dependency.getDescription());
      }
    }
    arrows.forEach((from, to) -> to.remove(from));
    return arrows;
  }

  /**
   * The name in the table: that of a package of adapters or of one with a row, or of all packages
   * below one of the program, or of a package that is not of this program.
   */
  private static String room(String packageName) {
    if (!isOwn(packageName)) {
      return packageName;
    }
    String name = packageName.substring(ROOT.length()).replaceFirst("^\\.", "");
    return name.startsWith("adapter.") || MAY_IMPORT.containsKey(name)
        ? name
        : name.replaceFirst("\\..*", "");
  }

  private static boolean isOwn(String packageName) {
    return packageName.equals(ROOT) || packageName.startsWith(ROOT + ".");
  }

  private static boolean isRoom(String name) {
    return name.isEmpty()
        || LEAVES.contains(name)
        || MAY_IMPORT.containsKey(name)
        || isFamily(name);
  }

  private static boolean isFamily(String name) {
    return name.startsWith("adapter.") && !MAY_IMPORT.containsKey(name);
  }

  @Test
  void packagesImportOnlyWhatTheTableAllows() {
    assertThat(ARROWS.keySet())
        .as("packages, as the table has them")
        .allMatch(ArchitectureTest::isRoom);
    assertThat(arrows((from, to) -> isRoom(to) && !mayImport(from, to))).isEmpty();
  }

  private static boolean mayImport(String from, String to) {
    if (LEAVES.contains(to)) {
      return true;
    }
    if (isFamily(from)) {
      return A_FAMILY.contains(to) || family(from).equals(family(to));
    }
    return from.isEmpty() ? !isFamily(to) : MAY_IMPORT.getOrDefault(from, List.of()).contains(to);
  }

  private static String family(String name) {
    return name.replaceFirst("^(adapter\\.\\w+)\\..*", "$1");
  }

  private static List<String> arrows(BiPredicate<String, String> wanted) {
    List<String> found = new ArrayList<>();
    ARROWS.forEach(
        (from, all) ->
            all.forEach(
                (to, line) -> {
                  if (wanted.test(from, to)) {
                    found.add(from + " imports " + to + ": " + line);
                  }
                }));
    return found;
  }

  @Test
  void everyPermissionIsUsed() {
    List<String> unused = new ArrayList<>();
    MAY_IMPORT.forEach((from, to) -> unused.addAll(unused(from, from::equals, to)));
    unused.addAll(unused("a family", ArchitectureTest::isFamily, A_FAMILY));
    unused.addAll(unused("anybody", from -> true, LEAVES));
    assertThat(unused).isEmpty();
  }

  private static List<String> unused(String who, Predicate<String> users, List<String> imported) {
    return imported.stream()
        .filter(to -> arrows((from, other) -> users.test(from) && other.equals(to)).isEmpty())
        .map(to -> who + " may import " + to + ", and does not")
        .toList();
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(PROGRAM);
  }

  @Test
  void librariesAreUsedInTheirPlaceAndOnlyThere() {
    LIBRARIES.forEach(
        (library, users) ->
            assertThat(users(library)).as(library).containsExactlyInAnyOrderElementsOf(users));
  }

  private static List<String> users(String library) {
    return ARROWS.entrySet().stream()
        .filter(arrow -> arrow.getValue().keySet().stream().anyMatch(to -> isIn(library, to)))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static boolean isIn(String library, String packageName) {
    return packageName.equals(library) || packageName.startsWith(library + ".");
  }

  @Test
  void theWordsNeedJavaAndDigestsOnly() {
    List<String> allowed = List.of("java", "org.jspecify", "org.apache.commons.codec");
    assertThat(
            arrows(
                (from, to) ->
                    from.equals("operation")
                        && allowed.stream().noneMatch(library -> isIn(library, to))))
        .isEmpty();
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
