package io.github.childconnector.settings;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a TOML file as its parser is given it: without a byte order mark, which Windows puts
 * before it, and without the lines that are blank or a comment. For a run of those the parser takes
 * a time that grows with the third power of their number, a minute for 4,000.
 *
 * @param lines all lines of the file
 * @param numbers the numbers, from 1, of the lines that the parser is given; the last line is one
 */
public record TomlText(List<String> lines, List<Integer> numbers) {
  private static final Pattern NOTHING = Pattern.compile("[ \\t]*(#[^\\p{Cntrl}]*)?\\r?");

  private static final Pattern TYPOGRAPHIC =
      Pattern.compile("(?s)Unexpected '\\\\u(201[89a-f]|00ab|00bb)'.*");

  private static final Pattern UNQUOTED =
      Pattern.compile("(?s)Unexpected '[A-Za-z/~$.{<]', expected .*\\ba value\\b.*");

  /** Keeps its own copies. */
  public TomlText {
    lines = List.copyOf(lines);
    numbers = List.copyOf(numbers);
  }

  /** Takes the text of a file. */
  public static TomlText of(String text) {
    List<String> lines = List.of(withoutMark(text).split("\n", -1));
    return new TomlText(lines, telling(lines));
  }

  private static String withoutMark(String text) {
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  /** The text for the parser. */
  public String text() {
    return beginning(numbers.size());
  }

  /** The first {@code count} lines of it. */
  public String beginning(int count) {
    return numbers.subList(0, count).stream()
        .map(number -> lines.get(number - 1))
        .collect(joining("\n"));
  }

  /** The number in the file of a line that the parser has counted. */
  public int number(int parsed) {
    return numbers.get(Math.min(parsed, numbers.size()) - 1);
  }

  /**
   * Says in an operator's words what a mistake of the parser's telling mostly is; empty where that
   * is not known.
   *
   * @param told for example {@code Unexpected '\u201c', expected a value}
   */
  public static Optional<String> remedy(String told) {
    Matcher quote = TYPOGRAPHIC.matcher(told);
    if (quote.matches()) {
      char sign = (char) Integer.parseInt(quote.group(1), 16);
      return Optional.of(sign + " is a typographic quote, which word processors write; use \"");
    }
    return UNQUOTED.matcher(told).matches()
        ? Optional.of("a text stands in quotes: key = \"text\"")
        : Optional.empty();
  }

  /**
   * The numbers of the lines that are neither blank nor a comment, and of the last. The parser is
   * spared the others: for a run of them it takes a time that grows with the third power of their
   * number, a minute for 4,000.
   */
  private static List<Integer> telling(List<String> lines) {
    List<Integer> numbers = new ArrayList<>();
    String open = "";
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1);
      if (!open.isEmpty() || number == lines.size() || !NOTHING.matcher(line).matches()) {
        numbers.add(number);
        open = openAfter(line, open);
      }
    }
    return numbers;
  }

  /** Returns the quotes of the text of several lines that is open at the end of a line, or "". */
  private static String openAfter(String line, String openBefore) {
    String open = openBefore;
    int at = 0;
    while (at < line.length() && !(open.isEmpty() && line.charAt(at) == '#')) {
      if (open.isEmpty()) {
        open = quotes(line, at);
        at += Math.max(1, open.length());
      } else if (line.startsWith(open, at)) {
        at = behind(line, at, open);
        open = "";
      } else {
        at += open.startsWith("\"") && line.charAt(at) == '\\' ? 2 : 1;
      }
    }
    return open.length() == 3 ? open : "";
  }

  private static String quotes(String line, int at) {
    String quote = line.substring(at, at + 1);
    if (!quote.equals("\"") && !quote.equals("'")) {
      return "";
    }
    return line.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
  }

  /** Finds the end of closing quotes, before which a text of several lines may have two more. */
  private static int behind(String line, int at, String quotes) {
    int end = at + quotes.length();
    while (quotes.length() == 3 && end < line.length() && line.charAt(end) == quotes.charAt(0)) {
      end++;
    }
    return end;
  }
}
