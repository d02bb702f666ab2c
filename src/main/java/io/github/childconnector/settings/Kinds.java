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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of values that are made of texts, and true or false. */
public final class Kinds {
  /** A word that is a name and nothing else, so that it may be shown to strangers. */
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");

  /** A text; strangers are not shown it, because nobody knows what it is. */
  public static final Kind<String> TEXT = Kind.text(Kinds::text, Text::quoted).unshared();

  /** A text that is no secret, unless it looks like an address with a login. */
  public static final Kind<String> PLAIN = TEXT.shared(Kinds::shared);

  /** A text of at least one character that is no blank, and of none that is a control one. */
  public static final Kind<String> LINE =
      matching(
          "(?=.*\\S)\\P{Cntrl}+",
          "one line of text, without line breaks or other control characters");

  /** A user name, which strangers are not shown. */
  public static final Kind<String> USERNAME = LINE.unshared();

  /** A user name for HTTP Basic. */
  public static final Kind<String> BASIC_USERNAME =
      matching("[^:\\p{Cntrl}]+", "a user name without a colon").unshared();

  /** A list of texts, which may be empty. */
  public static final Kind<List<String>> TEXTS = Kind.list(Kinds::texts, Text::list);

  /** A program with its arguments; strangers see of these only what cannot be secret. */
  public static final Kind<List<String>> COMMAND =
      Kind.list(Kinds::command, Text::list).shared(CommandWords::shared);

  /** True or false. */
  public static final Kind<Boolean> FLAG = Kind.scalar(Kinds::flag, String::valueOf);

  /** A table of texts that are never shown, not even in problems. */
  public static final Kind<Map<String, String>> SECRETS =
      Kind.scalar(Kinds::secrets, secrets -> redacted(secrets, Text::key))
          .shared(secrets -> redacted(secrets, Kinds::sharedName));

  private Kinds() {}

  /** A text that is no secret, and matches an expression as a whole. */
  public static Kind<String> matching(String form, String expected) {
    Pattern pattern = Pattern.compile(form);
    return parsed(
        text -> Optional.of(text).filter(it -> pattern.matcher(it).matches()),
        expected,
        text -> text);
  }

  /**
   * A text that is no secret, and that a parser takes.
   *
   * @param parse empty for a text that is not as expected
   * @param expected for a problem: "must be …"
   * @param text the value as a text again
   */
  public static <T> Kind<T> parsed(
      Function<String, Optional<T>> parse, String expected, Function<T, String> text) {
    return PLAIN.as(
        found ->
            parse
                .apply(found)
                .orElseThrow(
                    () ->
                        new BadValueException(
                            "must be " + expected + ", not " + Text.quoted(found))),
        text);
  }

  /** Makes the kind whose value is one of some words. */
  public static Kind<String> oneOf(String... words) {
    return oneOf(List.of(words), word -> word);
  }

  /** Makes the kind whose value is one of some values, each of which has a word. */
  public static <T> Kind<T> oneOf(List<T> values, Function<T, String> word) {
    return PLAIN.as(
        found ->
            values.stream()
                .filter(value -> word.apply(value).equals(found))
                .findFirst()
                .orElseThrow(() -> unknownWord(found, values.stream().map(word).toList())),
        word);
  }

  private static BadValueException unknownWord(String found, List<String> words) {
    String known = String.join(", ", words.stream().map(Text::quoted).toList());
    return new BadValueException(
        "must be "
            + known.replaceFirst("(.*), ", "$1 or ")
            + ", not "
            + Text.quoted(found)
            + Nearest.to(found, words)
                .map(near -> "; did you mean " + Text.quoted(near) + "?")
                .orElse(""));
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

  private static String shared(String text) {
    return text.contains("@") || text.contains("://") ? Kind.HIDDEN : Text.quoted(text);
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
        throw new BadValueException("must have a text in quotes for " + entry.getKey());
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

  /** The words of a command line that strangers may see: programs, options, paths, placeholders. */
  private static final class CommandWords {
    private static final Pattern PROGRAM = Pattern.compile("[A-Za-z0-9_./+-]+");
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9_./+-]*");
    private static final Pattern PLACEHOLDER =
        Pattern.compile("\\{(image|name|version|sha256|child|operation)}");
    private static final Pattern OPTION =
        Pattern.compile("(-[A-Za-z0-9]|--[A-Za-z0-9][A-Za-z0-9_-]*=?)?");
    private static final Pattern PUNCTUATION = Pattern.compile("[.,:_/-]*");
    private static final Pattern OPTION_WITH_VALUE =
        Pattern.compile("(?s)(--[A-Za-z0-9][A-Za-z0-9_-]*=).*");

    private static String shared(List<String> words) {
      List<String> shown = new ArrayList<>();
      for (String word : words) {
        shown.add(shown.isEmpty() ? program(word) : argument(word));
      }
      return Text.list(shown);
    }

    private static String program(String word) {
      return PROGRAM.matcher(word).matches() ? word : "********";
    }

    private static String argument(String word) {
      String rest = PLACEHOLDER.matcher(word).replaceAll("");
      boolean isHarmless =
          PATH.matcher(word).matches()
              || OPTION.matcher(rest).matches()
              || (!rest.equals(word) && PUNCTUATION.matcher(rest).matches());
      if (isHarmless) {
        return word;
      }
      Matcher option = OPTION_WITH_VALUE.matcher(word);
      return option.matches() ? option.group(1) + "********" : "********";
    }
  }
}
