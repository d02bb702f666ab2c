package io.github.childconnector.docs;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.github.childconnector.cli.ExitCode;
import io.github.childconnector.config.KeyTable;
import io.github.childconnector.operation.FailureCode;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The man pages leave nothing out that the program has, and tell its defaults. */
@NullMarked
final class ManPagesTest {
  private static final Path EXAMPLE = Path.of("examples/configuration/connector.toml");
  private static final Path PROGRAM_PAGE = Path.of("packaging/man/tedge-child-connector.1");
  private static final Path KEYS_PAGE = Path.of("packaging/man/connector.toml.5");

  private static final Pattern HEADER = Pattern.compile("#?\\[+([a-z_.]+)]+");
  private static final Pattern SETTING = Pattern.compile("#?([a-z_0-9]+) = (.*)");
  private static final Pattern DESCRIBED = Pattern.compile("([a-z_0-9]+) (= .*|\\(.*\\))");

  @Test
  void everyKeyIsDescribedAsItsReaderKnowsIt() throws IOException {
    Map<String, KeyTable.Key> keys = KeyTable.read().keys();

    assertThat(keys).hasSizeGreaterThan(150);
    assertThat(describedKeys()).containsOnlyKeys(keys.keySet());
    assertThat(describedKeys())
        .allSatisfy((key, told) -> assertThat(told).matches(description(known(keys, key))));
  }

  private static KeyTable.Key known(Map<String, KeyTable.Key> keys, String key) {
    return Optional.ofNullable(keys.get(key)).orElseThrow();
  }

  /** What the page may say behind a key. */
  private static Pattern description(KeyTable.Key key) {
    String usual = Pattern.quote("= " + key.usual());
    if (key.isMissed()) {
      return Pattern.compile("\\(required( with(out)? .+)?\\)");
    }
    if (key.isDerived()) {
      return Pattern.compile("\\(the .+ by default\\)");
    }
    return Pattern.compile(
        key.isNone() ? usual + "|\\(none by default\\)|\\(required with .+\\)" : usual);
  }

  /** A sample stands where there is no default to show. */
  @Test
  void theExampleShowsEveryKeyWithItsDefault() throws IOException {
    Map<String, KeyTable.Key> keys = KeyTable.read().keys();

    assertThat(keysOfTheExample()).containsOnlyKeys(keys.keySet());
    assertThat(keysOfTheExample())
        .allSatisfy(
            (key, shown) -> {
              KeyTable.Key its = known(keys, key);
              if (!its.isMissed() && !its.isDerived() && !its.isNone()) {
                assertThat(shown).isEqualTo(its.usual());
              }
            });
  }

  private static Map<String, String> keysOfTheExample() throws IOException {
    Map<String, String> keys = new LinkedHashMap<>();
    String section = "";
    for (String line : Files.readAllLines(EXAMPLE)) {
      Matcher header = HEADER.matcher(line);
      Matcher setting = SETTING.matcher(line);
      if (header.matches()) {
        section = header.group(1) + ".";
      } else if (setting.matches()) {
        keys.putIfAbsent(section + setting.group(1), setting.group(2));
      }
    }
    return keys;
  }

  private static Map<String, String> describedKeys() throws IOException {
    return ManPage.read(KEYS_PAGE).tags().stream()
        .filter(tag -> tag.section().startsWith("["))
        .map(
            tag ->
                Map.entry(tag.section().replaceAll("[\\[\\]]", ""), DESCRIBED.matcher(tag.text())))
        .filter(tag -> tag.getValue().matches())
        .collect(
            toMap(
                tag -> tag.getKey() + "." + tag.getValue().group(1),
                tag -> tag.getValue().group(2)));
  }

  @TestFactory
  Stream<DynamicTest> everyCommandIsDescribedWithItsOptions() throws IOException {
    ManPage page = ManPage.read(PROGRAM_PAGE);
    assertThat(commands()).hasSizeGreaterThan(4);
    return commands()
        .map(type -> DynamicTest.dynamicTest(name(type), () -> requireOptions(page, type)));
  }

  private static Stream<Class<?>> commands() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackagesOf(ExitCode.class)
            .stream()
            .filter(type -> type.isAnnotatedWith(Command.class))
            .map(JavaClass::reflect);
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  /** The program without a command has the options of every program, in a section of their own. */
  private static void requireOptions(ManPage page, Class<?> command) {
    boolean isTop = command.getAnnotation(Command.class).mixinStandardHelpOptions();
    Stream<String> options = isTop ? Stream.of("--help", "--version") : options(command);
    assertThat(page.words(isTop ? "OPTIONS" : name(command)))
        .containsAll(options.filter(option -> option.startsWith("--")).toList());
  }

  private static Stream<String> options(Class<?> type) {
    return Arrays.stream(type.getDeclaredFields()).flatMap(ManPagesTest::options);
  }

  private static Stream<String> options(Field field) {
    return field.isAnnotationPresent(Mixin.class)
        ? options(field.getType())
        : Arrays.stream(field.getAnnotationsByType(Option.class))
            .flatMap(option -> Arrays.stream(option.names()));
  }

  @Test
  void everyExitCodeIsDescribed() throws IOException {
    assertThat(ManPage.read(PROGRAM_PAGE).words("EXIT STATUS"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ExitCode.class.getFields()).map(ManPagesTest::value).toList());
  }

  private static String value(Field constant) {
    try {
      return String.valueOf(constant.getInt(null));
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyFailureCodeIsDescribed() throws IOException {
    assertThat(ManPage.read(PROGRAM_PAGE).words("FAILURE CODES"))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(FailureCode.values()).map(FailureCode::word).toList());
  }
}
