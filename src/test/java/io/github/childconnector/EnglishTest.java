package io.github.childconnector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules for English of CONTRIBUTING, as far as a test can hold them. */
@NullMarked
class EnglishTest {
  private static final Path MAIN = Path.of("src", "main", "java");

  /** A Javadoc, with its stars. */
  private static final Pattern JAVADOC = Pattern.compile("/\\*\\*(.*?)\\*/", Pattern.DOTALL);

  private static final Pattern FIRST_WORD = Pattern.compile("[\\s*]*([A-Za-z]+).*", Pattern.DOTALL);

  /** A Javadoc that begins so does not say what it is about. */
  private static final Set<String> NO_SUBJECT =
      Set.of(
          "It", "Its", "They", "Those", "These", "So", "What", "Which", "Whose", "Who", "One", "Of",
          "For", "Where", "As", "That", "Also");

  /**
   * Says "counts" of what nobody counts: "counts as", "goes on counting", "only the first counts".
   */
  private static final Pattern NOT_COUNTED =
      Pattern.compile(
          "(?<![.\\w])counts\\b(?! (?:the|them|its|to|up|down|by|each|every|how)\\b)(?![(=])"
              + "|\\b(?:goes|go|going|went) on counting\\b"
              + "|\\b(?:that|which|not|only|longer) count\\b(?= as\\b|[.,;:])",
          Pattern.CASE_INSENSITIVE);

  /** Has "so many" without "as" in the same sentence. */
  private static final Pattern SO_MANY =
      Pattern.compile("\\bso many\\b(?![^.;:]*\\b(?:as|that)\\b)", Pattern.CASE_INSENSITIVE);

  /** The text of a log call, which begins with a small letter. */
  private static final Pattern SMALL_LOG_LINE =
      Pattern.compile("\\.log\\(\\s*[^\";]*?\"([a-z][^\"]*)\"", Pattern.DOTALL);

  private static List<String> findings(Function<String, Stream<String>> rule) {
    try (Stream<Path> files = Files.walk(MAIN)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .flatMap(
              file -> rule.apply(text(file)).map(found -> MAIN.relativize(file) + ": " + found))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text in one line, without the stars of comments. */
  private static String plain(String text) {
    return text.replaceAll("(?m)^\\s*(?:/?\\*+/?|//)", " ").replaceAll("\\s+", " ").strip();
  }

  private static Stream<String> withoutSubject(String source) {
    return JAVADOC
        .matcher(source)
        .results()
        .map(javadoc -> javadoc.group(1))
        .filter(
            javadoc ->
                FIRST_WORD
                    .matcher(javadoc)
                    .results()
                    .map(first -> first.group(1))
                    .anyMatch(NO_SUBJECT::contains))
        .map(EnglishTest::plain);
  }

  private static Stream<String> words(String source, Pattern wrong) {
    return wrong.matcher(plain(source)).results().map(MatchResult::group);
  }

  private static Stream<String> smallLogLines(String source) {
    return SMALL_LOG_LINE.matcher(source).results().map(line -> line.group(1));
  }

  @Test
  void aJavadocNamesItsSubjectOrStartsWithAVerb() {
    assertThat(findings(EnglishTest::withoutSubject)).isEmpty();
  }

  @Test
  void onlyWhatIsCountedCounts() {
    assertThat(findings(source -> words(source, NOT_COUNTED))).isEmpty();
  }

  @Test
  void soManyDoesNotStandAlone() {
    assertThat(findings(source -> words(source, SO_MANY))).isEmpty();
  }

  @Test
  void logLinesBeginWithACapital() {
    assertThat(findings(EnglishTest::smallLogLines)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/** It waits. */, 1",
    "/** What comes. */, 1",
    "'/**\n * Those of a child.\n */', 1",
    "/** Waits until it comes. */, 0",
    "/** Items of a list. */, 0"
  })
  void aSubjectIsTheFirstWord(String source, int findings) {
    assertThat(withoutSubject(source)).hasSize(findings);
  }

  @ParameterizedTest
  @CsvSource({
    "'// An empty one counts as none', 1",
    "'// the old one goes on counting', 1",
    "'// Only the first reason counts.', 1",
    "'// It counts the bytes of an image', 0",
    "'// The bytes are counted', 0"
  })
  void countingIsForNumbers(String source, int findings) {
    assertThat(words(source, NOT_COUNTED)).hasSize(findings);
  }

  @ParameterizedTest
  @CsvSource({
    "'LOG.log(Level.DEBUG, \"the link is closed\");', 1",
    "'LOG.log(Level.DEBUG,\n    \"the link \" + \"x\");', 1",
    "'LOG.log(Level.DEBUG, \"The link is closed\");', 0"
  })
  void aLogLineIsFound(String source, int findings) {
    assertThat(smallLogLines(source)).hasSize(findings);
  }
}
