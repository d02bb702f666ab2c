package io.github.childconnector.adapter.program;

import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import io.github.childconnector.settings.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program and its arguments, in which placeholders stand for the values of an operation. Filled
 * in one pass: what looks like a placeholder within a value stays as it is.
 *
 * <p>Sample: {@code ["/opt/plc/flash.sh", "--port", "/dev/ttyUSB0", "{image}"]}.
 *
 * <p>A name or version that begins with a dash is refused where it would begin an argument, unless
 * {@code --} stands before. Ids of operations are passed on: those of thin-edge consist of letters,
 * digits, dashes and underscores, and one in 64 begins with a dash.
 */
public record CommandLine(List<String> words) {
  private static final String END_OF_OPTIONS = "--";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z_0-9]+)}");

  /** Keeps a copy of the words. */
  public CommandLine {
    words = List.copyOf(words);
  }

  /** The program as it was configured. */
  public String program() {
    return words.get(0);
  }

  /** The kind of value that is a line, to be filled where only {@code known} have a value. */
  public static Kind<CommandLine> kind(Set<Placeholder> known) {
    return Kinds.COMMAND
        .unless(words -> objection(words, known))
        .as(CommandLine::new, CommandLine::words);
  }

  /** Tells what keeps words from being filled where only {@code known} have a value. */
  static Optional<String> objection(List<String> words, Set<Placeholder> known) {
    if (PLACEHOLDER.matcher(words.get(0)).find()) {
      return Optional.of(
          "starts with a program whose name holds a placeholder; name the program itself and use"
              + " placeholders in its arguments only");
    }
    if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      return Optional.of("holds a NUL character, which no program can be given; remove it");
    }
    return words.stream()
        .skip(1)
        .flatMap(argument -> PLACEHOLDER.matcher(argument).results())
        .filter(match -> Placeholder.of(match.group(1)).filter(known::contains).isEmpty())
        .findFirst()
        .map(match -> unknown(match.group(), known));
  }

  private static String unknown(String written, Set<Placeholder> known) {
    return "holds "
        + Text.quoted(written)
        + ", which has no value here; use "
        + Placeholder.list(known);
  }

  /**
   * The line with the values in their places.
   *
   * @throws UpdateException who named the firmware would choose an option of the program
   */
  List<String> fill(Map<Placeholder, String> values) throws UpdateException {
    List<String> filled = new ArrayList<>();
    for (String word : words) {
      String argument = PLACEHOLDER.matcher(word).replaceAll(match -> value(match, values));
      if (isNamed(word) && argument.startsWith("-") && !filled.contains(END_OF_OPTIONS)) {
        throw new UpdateException(
            FailureCode.REQUEST_INVALID,
            "The program %s would take %s for an option, because it begins with a dash. Rename the firmware; or let \"--\" stand before %s in the configuration, if the program knows it."
                .formatted(program(), Text.quoted(argument), word));
      }
      filled.add(argument);
    }
    return filled;
  }

  /** Whether the request chooses how an argument begins. */
  private static boolean isNamed(String word) {
    return word.startsWith("{name}") || word.startsWith("{version}");
  }

  private static String value(MatchResult match, Map<Placeholder, String> values) {
    return Matcher.quoteReplacement(
        Placeholder.of(match.group(1))
            .map(placeholder -> values.getOrDefault(placeholder, ""))
            .orElse(match.group()));
  }
}
