package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.answer.SearchPattern;
import io.github.childconnector.adapter.answer.SearchPattern.TooComplexException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The answer by which the device shows that it has taken the image.
 *
 * @param success the statuses of a success
 * @param successPattern what must be found in its answer
 * @param failurePattern what must not
 * @param isOptional whether no answer at all is none the worse
 */
record ExpectedAnswer(
    StatusSet success,
    Optional<SearchPattern> successPattern,
    Optional<SearchPattern> failurePattern,
    boolean isOptional) {

  /** Why this is no success, as the end of a sentence; empty if it is one. */
  Optional<String> objection(Reply reply) {
    try {
      return judge(reply);
    } catch (TooComplexException e) {
      return Optional.of(reply + "; " + e.getMessage());
    }
  }

  private Optional<String> judge(Reply reply) {
    if (failurePattern.isPresent() && failurePattern.get().isIn(reply.text())) {
      return Optional.of(reply.toString());
    }
    if (!success.contains(reply.status())) {
      return Optional.of(reply + remedy(reply.status()));
    }
    if (successPattern.isPresent() && !successPattern.get().isIn(reply.text())) {
      return Optional.of(reply + ", in which success_pattern is not found");
    }
    return Optional.empty();
  }

  /** Tells an operator what to do about a status. */
  private static String remedy(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> "; redirects are not followed: correct url";
      case 401, 403 -> "; check auth, username and the password or token";
      case 404, 405 -> "; check url and method";
      case 411, 413, 414 -> "; the image may be too large for the device";
      case 415, 422 -> "; check form and field";
      default -> "";
    };
  }

  /** Some HTTP statuses. Samples: {@code ["200", "204"]}, {@code ["2xx"]}. */
  record StatusSet(List<String> words) {
    private static final Pattern WORD = Pattern.compile("[1-5]([0-9]{2}|[xX]{2})");

    StatusSet {
      words = words.stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    static boolean isValid(String word) {
      return WORD.matcher(word).matches();
    }

    boolean contains(int status) {
      return words.contains(Integer.toString(status)) || words.contains(status / 100 + "xx");
    }
  }
}
