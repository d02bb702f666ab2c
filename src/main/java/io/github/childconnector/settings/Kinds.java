package io.github.childconnector.settings;

import static java.util.stream.Collectors.joining;

import io.github.childconnector.clock.DurationText;
import io.github.childconnector.settings.Kind.BadValueException;
import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Node.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kinds of values that are made of texts, true or false, and amounts: how many, how long, how
 * large; these have bounds.
 */
public final class Kinds {
  /** A word that is a name and nothing else, so that it may be shown to strangers. */
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9_./+-]+");
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{(image|name|version|sha256|child|operation)}");

  private static final List<String> UNITS = List.of("", "KiB", "MiB", "GiB", "TiB");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18})(\\w{0,3})");

  /** A text, which strangers are not shown, as no text of which nobody knows what it holds. */
  public static final Kind<String> TEXT = Kind.text(Kinds::text, Text::quoted);

  /** A text of at least one character that is no blank, and of none that is a control one. */
  public static final Kind<String> LINE =
      matching(
          "(?=.*\\S)\\P{Cntrl}+",
          "one line of text, without line breaks or other control characters");

  /** A user name for HTTP Basic. */
  public static final Kind<String> BASIC_USERNAME =
      matching("[^:\\p{Cntrl}]+", "a user name without a colon");

  /** A list of texts, which may be empty. */
  public static final Kind<List<String>> TEXTS = Kind.list(Kinds::texts, Text::list);

  /** A program with its arguments, of which strangers see the program and placeholders. */
  public static final Kind<List<String>> COMMAND =
      Kind.list(Kinds::command, Text::list).shared(Kinds::sharedCommand);

  /** True or false. */
  public static final Kind<Boolean> FLAG = Kind.scalar(Kinds::flag, String::valueOf);

  /** A table of texts that are never shown, not even in problems. */
  public static final Kind<Map<String, String>> SECRETS =
      Kind.scalar(Kinds::secrets, secrets -> redacted(secrets, Text::key))
          .shared(secrets -> redacted(secrets, Kinds::sharedName));

  /** A port of TCP. */
  public static final Kind<Integer> PORT = number(1, 65535);

  /** The longest time where nothing else is said. */
  public static final Duration LONGEST = Duration.ofDays(30);

  /** The largest size where nothing else is said, in bytes. */
  public static final long LARGEST = 16L << 40;

  /** A length of time where nothing else is said. */
  static final Kind<Duration> DURATION = duration(Duration.ofMillis(1), LONGEST);

  private Kinds() {}

  /** A text that matches an expression as a whole. */
  public static Kind<String> matching(String form, String expected) {
    Pattern pattern = Pattern.compile(form);
    return parsed(
        text -> Optional.of(text).filter(it -> pattern.matcher(it).matches()),
        expected,
        text -> text);
  }

  /**
   * A text that a parser takes.
   *
   * @param parse empty for a text that is not as expected
   * @param expected for a problem: "must be …"
   * @param text the value as a text again
   */
  public static <T> Kind<T> parsed(
      Function<String, Optional<T>> parse, String expected, Function<T, String> text) {
    return TEXT.as(
        found ->
            parse
                .apply(found)
                .orElseThrow(() -> BadValueException.expected(expected, Text.quoted(found))),
        text);
  }

  /** Makes the kind whose value is one of some words. */
  public static Kind<String> oneOf(String... words) {
    return oneOf(List.of(words), word -> word);
  }

  /** Makes the kind whose value is one of some values, each of which has a word. */
  public static <T> Kind<T> oneOf(List<T> values, Function<T, String> word) {
    return TEXT.as(
            found ->
                values.stream()
                    .filter(value -> word.apply(value).equals(found))
                    .findFirst()
                    .orElseThrow(() -> unknownWord(found, values.stream().map(word).toList())),
            word)
        .shared();
  }

  /** Makes the kind whose value is a list of some words, of which it has one at least. */
  public static Kind<Set<String>> someOf(String... words) {
    List<String> known = List.of(words);
    return TEXTS
        .as(
            found -> {
              if (found.isEmpty()) {
                throw BadValueException.expected("a list of at least one word", Text.list(found));
              }
              found.stream()
                  .filter(word -> !known.contains(word))
                  .forEach(
                      word -> {
                        throw unknownWord(word, known);
                      });
              return Set.copyOf(found);
            },
            set -> known.stream().filter(set::contains).toList())
        .shared();
  }

  private static BadValueException unknownWord(String found, List<String> words) {
    String known = String.join(", ", words.stream().map(Text::quoted).toList());
    String expected = "must be " + known.replaceFirst("(.*), ", "$1 or ");
    String meant = Problem.didYouMean(found, words).map("; "::concat).orElse("");
    return new BadValueException(expected + ", not " + Text.quoted(found) + meant, expected);
  }

  static Object scalar(Node node) {
    return node instanceof Scalar scalar ? scalar.value() : node;
  }

  private static String text(Node node) {
    if (!(scalar(node) instanceof String text)) {
      throw BadValueException.expected("a text in quotes", node);
    }
    if (text.isEmpty()) {
      throw new BadValueException("must not be empty");
    }
    return text;
  }

  private static List<String> texts(Node node) {
    if (!(node instanceof Items list)) {
      throw BadValueException.expected("a list such as [\"one\", \"two\"]", node);
    }
    List<String> texts = new ArrayList<>();
    for (Node item : list.items()) {
      if (!(scalar(item) instanceof String text)) {
        throw BadValueException.expected("a list of texts in quotes", item);
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  private static List<String> command(Node node) {
    if (node instanceof Scalar) {
      String example = "a list such as [\"program\", \"argument\"]";
      throw BadValueException.expected(example, node);
    }
    List<String> words = texts(node);
    if (words.isEmpty() || words.get(0).isBlank()) {
      throw new BadValueException("must begin with the program to run");
    }
    return words;
  }

  private static boolean flag(Node node) {
    if (scalar(node) instanceof Boolean flag) {
      return flag;
    }
    throw BadValueException.expected("true or false, without quotes", node);
  }

  /** Reads the texts; the problems quote nothing, because what stands here is secret. */
  private static Map<String, String> secrets(Node node) {
    if (!(node instanceof Table table)) {
      throw new BadValueException("must be a table of texts such as { NAME = \"text\" }");
    }
    Map<String, String> secrets = new LinkedHashMap<>();
    for (Map.Entry<String, Node> entry : table.entries().entrySet()) {
      if (!(scalar(entry.getValue()) instanceof String text)) {
        throw new BadValueException(
            "must have a text in quotes for " + entry.getKey(), "must have texts in quotes");
      }
      secrets.put(entry.getKey(), text);
    }
    return Collections.unmodifiableMap(secrets);
  }

  private static String redacted(Map<String, String> secrets, UnaryOperator<String> name) {
    return secrets.keySet().stream()
        .map(key -> " " + name.apply(key) + " = " + Kind.HIDDEN)
        .collect(joining(",", "{", secrets.isEmpty() ? "}" : " }"));
  }

  /** A key as strangers may see it. */
  public static String sharedName(String name) {
    return PLAIN_NAME.matcher(name).matches() ? name : Kind.HIDDEN;
  }

  private static String sharedCommand(List<String> words) {
    List<String> shown = new ArrayList<>();
    for (String word : words) {
      Pattern harmless = shown.isEmpty() ? PROGRAM : PLACEHOLDER;
      shown.add(harmless.matcher(word).matches() ? word : "********");
    }
    return Text.list(shown);
  }

  /** A whole number. */
  public static Kind<Integer> number(int least, int most) {
    return Kind.scalar(
        node -> {
          if (scalar(node) instanceof Long number && least <= number && number <= most) {
            return number.intValue();
          }
          throw BadValueException.expected("a number from " + least + " to " + most, node);
        },
        String::valueOf);
  }

  /** A length of time. */
  public static Kind<Duration> duration(Duration least, Duration most) {
    return Kind.scalar(
        node -> {
          Duration length = length(node);
          if (length.compareTo(least) < 0 || length.compareTo(most) > 0) {
            String bounds = DurationText.write(least) + " to " + DurationText.write(most);
            throw new BadValueException(
                "must be from " + bounds + ", not " + DurationText.write(length));
          }
          return length;
        },
        length -> Text.quoted(DurationText.write(length)));
  }

  /** A length of time of which only the least is bounded. */
  public static Kind<Duration> atLeast(Duration least) {
    return duration(least, LONGEST);
  }

  /** A size in bytes. */
  public static Kind<Long> size(long least, long most) {
    return Kind.scalar(
        node -> {
          long bytes = bytes(node);
          if (bytes < least || bytes > most) {
            String bounds = writeSize(least) + " to " + writeSize(most);
            throw new BadValueException("must be from " + bounds + ", not " + writeSize(bytes));
          }
          return bytes;
        },
        bytes -> Text.quoted(writeSize(bytes)));
  }

  /** Thin-edge's times come as durations; ours are texts. */
  private static Duration length(Node node) {
    if (scalar(node) instanceof Duration length) {
      return length;
    }
    Optional<Duration> length =
        scalar(node) instanceof String text ? DurationText.parse(text) : Optional.empty();
    return length.orElseThrow(
        () -> BadValueException.expected("a time such as \"30s\", \"5m\" or \"1h30m\"", node));
  }

  private static long bytes(Node node) {
    Object value = scalar(node);
    OptionalLong bytes =
        value instanceof String || value instanceof Long
            ? parseSize(value.toString())
            : OptionalLong.empty();
    return bytes.orElseThrow(
        () -> BadValueException.expected("a size such as \"64MiB\" or \"2GiB\"", node));
  }

  /** The size that a text such as {@code 64KiB} says; empty if it is none that a file can have. */
  static OptionalLong parseSize(String text) {
    Matcher parts = SIZE.matcher(text);
    if (!parts.matches() || !UNITS.contains(parts.group(2))) {
      return OptionalLong.empty();
    }
    long number = Long.parseLong(parts.group(1));
    int shift = 10 * UNITS.indexOf(parts.group(2));
    return number > Long.MAX_VALUE >> shift
        ? OptionalLong.empty()
        : OptionalLong.of(number << shift);
  }

  /** A size in the largest unit of which it is a multiple: {@code 0}, {@code 512}, {@code 2GiB}. */
  static String writeSize(long bytes) {
    int unit = bytes == 0 ? 0 : Math.min(Long.numberOfTrailingZeros(bytes) / 10, UNITS.size() - 1);
    return (bytes >> (10 * unit)) + UNITS.get(unit);
  }
}
