package io.github.childconnector.adapter.answer;

import io.github.childconnector.settings.Kind;
import io.github.childconnector.settings.Kinds;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of the operator, looked for in a text of the device. Some expressions take
 * for ever, or all memory, on some texts; this one gives up.
 */
public record SearchPattern(String text) {
  private static final int MAX_STEPS = 20_000_000;

  /** The kind of value that is an expression. */
  public static final Kind<SearchPattern> KIND =
      Kinds.TEXT.unless(SearchPattern::objection).as(SearchPattern::new, SearchPattern::text);

  /** The kind of value that is an expression with one group. */
  public static final Kind<SearchPattern> WITH_GROUP = KIND.unless(SearchPattern::groupObjection);

  private Optional<String> groupObjection() {
    int groups = pattern().matcher("").groupCount();
    return groups == 1
        ? Optional.empty()
        : Optional.of(
            "has %d groups; put one pair of parentheses around the version, and write (?:…) for others"
                .formatted(groups));
  }

  private static Optional<String> objection(String text) {
    try {
      Pattern.compile(text);
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      String reason = e.getDescription().replaceFirst("[{<\\[].*", "");
      return Optional.of("is no regular expression: " + reason);
    }
  }

  private Pattern pattern() {
    return Pattern.compile(text);
  }

  /**
   * Whether the expression is found in a text.
   *
   * @throws TooComplexException the search was given up
   */
  public boolean isIn(String whole) {
    return find(whole).isPresent();
  }

  /**
   * The text that the expression's group matches.
   *
   * @throws TooComplexException the search was given up
   */
  public Optional<String> group(String whole) {
    return find(whole).flatMap(found -> Optional.ofNullable(found.group(1)));
  }

  private Optional<Matcher> find(String whole) {
    try {
      Matcher matcher = pattern().matcher(new CountedText(whole, this));
      return matcher.find() ? Optional.of(matcher) : Optional.empty();
    } catch (StackOverflowError e) {
      throw new TooComplexException(this);
    }
  }

  @Override
  public String toString() {
    return '"' + text + '"';
  }

  /** The search was given up. */
  public static final class TooComplexException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private TooComplexException(SearchPattern pattern) {
      super("the pattern " + pattern + " takes too long on the device's answer; simplify it");
    }
  }

  /** A text that may be looked at a limited number of times. */
  private static final class CountedText implements CharSequence {
    private final String text;
    private final SearchPattern pattern;
    private int steps;

    private CountedText(String text, SearchPattern pattern) {
      this.text = text;
      this.pattern = pattern;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > MAX_STEPS) {
        throw new TooComplexException(pattern);
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
