package io.github.childconnector.settings;

import io.github.childconnector.settings.Node.Items;
import io.github.childconnector.settings.Node.Origin;
import io.github.childconnector.settings.Node.Scalar;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A kind of value: how it is read from TOML and written as TOML.
 *
 * @param none how a text or list of nothing is written; empty for what is neither
 * @param reading makes the value of what was found, or throws a {@link BadValueException}
 * @param writing the value as TOML for the operator, with secrets redacted
 * @param sharing the same for strangers, who see a value only if none of its kind can be secret
 */
public record Kind<T>(
    String none,
    Function<Node, T> reading,
    Function<T, String> writing,
    Function<T, String> sharing) {
  /** The text for a value that is not shown. */
  static final String HIDDEN = Text.quoted("********");

  private static final String NO_TEXT = "\"\"";
  private static final String NO_ITEMS = "[]";

  /** A value is not what its key takes; the message says what it takes. */
  public static final class BadValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final String shared;

    /** With the sentence for the operator, of which strangers see what is not quoted. */
    BadValueException(String sentence) {
      this(sentence, Text.unquoted(sentence));
    }

    /** With the sentence for the operator, and what strangers see instead. */
    BadValueException(String sentence, String shared) {
      super(sentence);
      this.shared = shared;
    }

    /** Says what was expected instead of what was found. */
    static BadValueException expected(String what, Node instead) {
      return expected(what, instead.describe());
    }

    static BadValueException expected(String what, String instead) {
      return new BadValueException("must be " + what + ", not " + instead, "must be " + what);
    }

    String sentence() {
      return String.valueOf(getMessage());
    }

    String shared() {
      return shared;
    }
  }

  static <T> Kind<T> scalar(Function<Node, T> reading, Function<T, String> writing) {
    return new Kind<>("", reading, writing, writing);
  }

  static <T> Kind<T> text(Function<Node, T> reading, Function<T, String> writing) {
    return new Kind<>(NO_TEXT, reading, writing, value -> HIDDEN);
  }

  static <T> Kind<T> list(Function<Node, T> reading, Function<T, String> writing) {
    return new Kind<>(NO_ITEMS, reading, writing, value -> HIDDEN);
  }

  /**
   * Makes another kind of this one.
   *
   * @param forth makes its value, or throws a {@link BadValueException}
   * @param back makes a value of this kind again, to write it
   */
  public <U> Kind<U> as(Function<T, U> forth, Function<U, T> back) {
    return new Kind<>(none, reading.andThen(forth), back.andThen(writing), back.andThen(sharing));
  }

  /** The same, but only with values for which this has nothing to say. */
  public Kind<T> unless(Function<T, Optional<String>> objection) {
    return as(
        value -> {
          Optional<String> sentence = objection.apply(value);
          if (sentence.isPresent()) {
            throw new BadValueException(sentence.get());
          }
          return value;
        },
        value -> value);
  }

  /** The same, but shown to strangers only as this function writes it. */
  Kind<T> shared(Function<T, String> redacting) {
    return new Kind<>(none, reading, writing, redacting);
  }

  /** The same, but shown to strangers if it is harmless. */
  public Kind<T> sharedIf(Predicate<T> isHarmless) {
    return shared(value -> isHarmless.test(value) ? writing.apply(value) : HIDDEN);
  }

  /** The same for a kind of which no value can be secret. */
  public Kind<T> shared() {
    return shared(writing);
  }

  /** The same, but an empty text or list says that there is none. */
  public Kind<Optional<T>> orNone() {
    return new Kind<>(
        none,
        node -> written(node).isEmpty() ? Optional.of(reading.apply(node)) : Optional.empty(),
        value -> value.map(writing).orElse(none),
        value -> value.map(sharing).orElse(none));
  }

  /** Whether there is nothing in a text or list, where this kind takes one. */
  boolean isNone(Node node) {
    return written(node).filter(none::equals).isPresent();
  }

  /** A text or list of nothing as it is written; empty for all else. */
  private static Optional<String> written(Node node) {
    if (node instanceof Items list) {
      return list.items().isEmpty() ? Optional.of(NO_ITEMS) : Optional.empty();
    }
    return node instanceof Scalar scalar && scalar.value().equals("")
        ? Optional.of(NO_TEXT)
        : Optional.empty();
  }

  /**
   * The value of a key that is in effect.
   *
   * @param origin where it was set; empty for a default, which is no secret
   */
  record Value<T>(Kind<T> kind, T value, Optional<Origin> origin) {

    /** A line such as {@code port = 1884 # connector.toml:3}. */
    String line(String key, boolean isShared) {
      String toml = (isShared && origin.isPresent() ? kind.sharing : kind.writing).apply(value);
      return Text.key(key) + " = " + toml + origin.map(from -> " # " + from).orElse("");
    }

    /** Another value of the same kind as strangers see it; one that is refused may be anything. */
    String shared(Node node) {
      try {
        return kind.sharing.apply(kind.reading.apply(node));
      } catch (BadValueException e) {
        return HIDDEN;
      }
    }
  }
}
