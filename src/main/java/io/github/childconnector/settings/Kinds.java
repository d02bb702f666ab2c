package io.github.childconnector.settings;

import static java.util.stream.Collectors.joining;

import io.github.childconnector.settings.Kind.BadValueException;
import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Scalar;
import io.github.childconnector.settings.Node.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The kinds of values that are made of texts, and true or false. */
public final class Kinds {
  /** A word that is a name and nothing else, so that it may be shown to strangers. */
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");

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

  private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9_./+-]+");
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{(image|name|version|sha256|child|operation)}");

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

  private static BadValueException unknownWord(String found, List<String> words) {
    String known = String.join(", ", words.stream().map(Text::quoted).toList());
    String expected = "must be " + known.replaceFirst("(.*), ", "$1 or ");
    String meant =
        Nearest.to(found, words)
            .map(near -> "; did you mean " + Text.quoted(near) + "?")
            .orElse("");
    return new BadValueException(expected + ", not " + Text.quoted(found) + meant, expected);
  }

  static Object scalar(Node node) {
    return node instanceof Scalar scalar ? scalar.value() : node;
  }

  private static String text(Node node) throws BadValueException {
    if (!(scalar(node) instanceof String text)) {
      throw BadValueException.expected("a text in quotes", node);
    }
    if (text.isEmpty()) {
      throw new BadValueException("must not be empty");
    }
    return text;
  }

  private static List<String> texts(Node node) throws BadValueException {
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

  private static List<String> command(Node node) throws BadValueException {
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

  private static boolean flag(Node node) throws BadValueException {
    if (scalar(node) instanceof Boolean flag) {
      return flag;
    }
    throw BadValueException.expected("true or false, without quotes", node);
  }

  /** Reads the texts; the problems quote nothing, because what stands here is secret. */
  private static Map<String, String> secrets(Node node) throws BadValueException {
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
}
