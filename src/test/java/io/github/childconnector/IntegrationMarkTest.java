package io.github.childconnector;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.annotation.Annotation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.annotation.Testable;

/**
 * Demands {@link IntegrationTest} of every test that reaches out of its process: through one of the
 * doors named here, or through a helper below {@code src/test} that does.
 */
class IntegrationMarkTest {
  private static final String ROOT = "io.github.childconnector";

  /** What of Java and of the libraries starts a process or opens a socket. */
  private static final Set<String> DOORS =
      Set.of(
          "java.lang.ProcessBuilder",
          "java.net.ServerSocket",
          "java.net.Socket",
          "java.net.DatagramSocket",
          "java.net.http.HttpResponse",
          "java.nio.channels.DatagramChannel",
          "java.nio.channels.ServerSocketChannel",
          "java.nio.channels.SocketChannel",
          "javax.net.ssl.SSLSocket",
          "com.sun.net.httpserver.HttpServer",
          "com.sun.net.httpserver.HttpsServer",
          "com.github.tomakehurst.wiremock.WireMockServer",
          "com.github.tomakehurst.wiremock.junit5.WireMockExtension");

  /** What of the program does. */
  private static final Set<String> OWN_DOORS =
      Set.of(
          "adapter.fuota.ServerIdentity",
          "adapter.program.Launcher",
          "adapter.endpoint.DeviceServer",
          "conformance.AdapterTrials",
          "image.HttpSource",
          "mqtt.PahoLink",
          "systemd.ServiceNotifier$NotifyProgram");

  /** Benches that run programs through a family of adapters; their constants open nothing. */
  private static final Set<String> BENCHES =
      Set.of("adapter.command.Bench", "adapter.module.ModuleBench", "recipes.RecipeBench");

  private static final List<Class<? extends Annotation>> AROUND =
      List.of(BeforeAll.class, BeforeEach.class, AfterAll.class, AfterEach.class);

  private static final JavaClasses TESTS =
      new ClassFileImporter()
          .withImportOption(location -> location.contains("/test-classes/"))
          .importPackages(ROOT);

  private final Map<String, Set<JavaClass>> files =
      TESTS.stream().collect(Collectors.groupingBy(IntegrationMarkTest::file, Collectors.toSet()));
  private final Set<String> helpers = helpers();

  @Test
  void whoeverReachesOutBearsTheMark() {
    Set<String> unmarked = new TreeSet<>();
    files.forEach(
        (file, classes) -> {
          if (hasTests(classes)) {
            for (JavaCodeUnit unit : reaching(classes)) {
              if (runs(unit) && !isMarked(unit)) {
                unmarked.add(unit.getFullName());
              }
            }
          }
        });
    assertThat(unmarked)
        .as(
            "@IntegrationTest belongs to what starts processes or opens sockets: to these methods,"
                + " or to their classes")
        .isEmpty();
  }

  @Test
  void theNamedOnesExist() {
    assertThat(Stream.concat(OWN_DOORS.stream(), BENCHES.stream()))
        .allSatisfy(name -> Class.forName(ROOT + "." + name));
  }

  /** The files without tests that open a door, or use one that does. */
  private Set<String> helpers() {
    Set<String> found = new HashSet<>();
    boolean more = true;
    while (more) {
      more = false;
      for (Map.Entry<String, Set<JavaClass>> entry : files.entrySet()) {
        if (!found.contains(entry.getKey())
            && !hasTests(entry.getValue())
            && entry.getValue().stream().anyMatch(type -> uses(type, found))) {
          found.add(entry.getKey());
          more = true;
        }
      }
    }
    return found;
  }

  private static boolean uses(JavaClass type, Set<String> helpers) {
    return type.getDirectDependenciesFromSelf().stream()
        .anyMatch(dependency -> isDoor(dependency.getTargetClass(), helpers));
  }

  private static boolean isDoor(JavaClass type, Set<String> helpers) {
    String name = file(type);
    return DOORS.contains(name) || helpers.contains(name) || isOneOf(OWN_DOORS, name);
  }

  /** What of one file opens a door, or calls what does. */
  private Set<JavaCodeUnit> reaching(Set<JavaClass> classes) {
    List<JavaCodeUnit> units =
        classes.stream().flatMap(type -> type.getCodeUnits().stream()).toList();
    Map<String, JavaCodeUnit> found = new HashMap<>();
    int before = -1;
    while (found.size() > before) {
      before = found.size();
      for (JavaCodeUnit unit : units) {
        if (unit.getAccessesFromSelf().stream().anyMatch(access -> reaches(access, found))) {
          found.put(unit.getFullName(), unit);
        }
      }
    }
    return Set.copyOf(found.values());
  }

  private boolean reaches(JavaAccess<?> access, Map<String, JavaCodeUnit> found) {
    return found.containsKey(access.getTarget().getFullName())
        || isDoor(access.getTargetOwner(), helpers)
        || opensABench(access);
  }

  private static boolean opensABench(JavaAccess<?> access) {
    return access.getTarget().getName().equals("<init>")
        && isOneOf(BENCHES, access.getTargetOwner().getName());
  }

  private static boolean isOneOf(Set<String> ownNames, String name) {
    return name.startsWith(ROOT) && ownNames.contains(name.substring(ROOT.length() + 1));
  }

  /** What JUnit runs: tests, what stands before and after them, and how their class is made. */
  private static boolean runs(JavaCodeUnit unit) {
    return isTest(unit) || makesTests(unit) || AROUND.stream().anyMatch(unit::isAnnotatedWith);
  }

  private static boolean makesTests(JavaCodeUnit unit) {
    return unit.isConstructor() && hasTests(Set.of(unit.getOwner()));
  }

  private static boolean isTest(JavaCodeUnit unit) {
    return unit.isMetaAnnotatedWith(Testable.class);
  }

  private static boolean isMarked(JavaCodeUnit unit) {
    JavaClass type = unit.getOwner();
    return unit.isAnnotatedWith(IntegrationTest.class)
        || type.isAnnotatedWith(IntegrationTest.class)
        || type.getEnclosingClass()
            .map(outer -> outer.isAnnotatedWith(IntegrationTest.class))
            .orElse(false);
  }

  private static boolean hasTests(Set<JavaClass> classes) {
    return classes.stream()
        .flatMap(type -> type.getMethods().stream())
        .anyMatch(IntegrationMarkTest::isTest);
  }

  private static String file(JavaClass type) {
    String name = type.getName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }
}
