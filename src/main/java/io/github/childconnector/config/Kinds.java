package io.github.childconnector.config;

import static java.util.stream.Collectors.joining;

import io.github.childconnector.config.Node.Items;
import io.github.childconnector.config.Node.Scalar;
import io.github.childconnector.config.Node.Table;
import io.github.childconnector.operation.ChildId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The kinds of values that are made of texts, and true or false. */
final class Kinds {
  private static final String CHILD_ID_FORM =
      "1 to 128 characters, none of them / + # or a control character";

  static final Kind<String> TEXT = Kind.scalar(Kinds::text, Text::quoted);
  static final Kind<List<String>> TEXTS = Kind.list(Kinds::texts, Text::list);
  static final Kind<List<String>> COMMAND = Kind.list(Kinds::command, Text::list);
  static final Kind<Boolean> FLAG = Kind.scalar(Kinds::flag, String::valueOf);
  static final Kind<Map<String, String>> SECRETS = Kind.scalar(Kinds::secrets, Kinds::redacted);
  static final Kind<ChildId> CHILD_ID =
      Kind.scalar(
          node -> new ChildId(matching(node, ChildId::isValid, CHILD_ID_FORM)),
          id -> Text.quoted(id.value()));

  private Kinds() {}

  static Kind<String> matching(Predicate<String> rule, String expected) {
    return Kind.scalar(node -> matching(node, rule, expected), Text::quoted);
  }

  static Object scalar(Node node) {
    return node instanceof Scalar scalar ? scalar.value() : node;
  }

  static String text(Node node) throws BadValueException {
    if (!(scalar(node) instanceof String text)) {
      throw BadValueException.expected("a text in quotes", node);
    }
    if (text.isEmpty()) {
      throw new BadValueException("must not be empty");
    }
    return text;
  }

  private static String matching(Node node, Predicate<String> rule, String expected)
      throws BadValueException {
    String text = text(node);
    if (!rule.test(text)) {
      throw BadValueException.expected(expected, node);
    }
    return text;
  }

  static List<String> texts(Node node) throws BadValueException {
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

  /** Its problems quote nothing: what stands here is secret. */
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

  private static String redacted(Map<String, String> secrets) {
    return secrets.keySet().stream()
        .map(name -> " " + Text.key(name) + " = \"********\"")
        .collect(joining(",", "{", secrets.isEmpty() ? "}" : " }"));
  }
}
