package io.github.childconnector.adapter.httpupload;

import io.github.childconnector.adapter.answer.JsonDocument;
import io.github.childconnector.adapter.answer.JsonPointer;
import io.github.childconnector.adapter.answer.SearchPattern;
import io.github.childconnector.adapter.answer.SearchPattern.TooComplexException;
import io.github.childconnector.operation.FailureCode;
import io.github.childconnector.operation.UpdateException;
import java.io.IOException;
import java.util.Optional;

/**
 * How the device is asked for the version it runs: the answer itself, a value of its JSON, or what
 * a regular expression finds in either.
 */
record VersionQuery(
    UrlTemplate url, Optional<JsonPointer> pointer, Optional<SearchPattern> pattern) {
  private static final int MAX_LENGTH = 256;

  /** The version the device runs. */
  String read(DeviceLink link) throws UpdateException, InterruptedException {
    try {
      Reply reply = link.get(url.uri());
      if (reply.status() / 100 != 2) {
        throw unreadable("it " + reply + "; check version_url");
      }
      return checked(extract(value(reply.text()), reply)).strip();
    } catch (IOException | TooComplexException e) {
      throw new UpdateException(
          FailureCode.VERSION_UNREADABLE, sentence(String.valueOf(e.getMessage())), e);
    }
  }

  private String value(String answer) throws UpdateException {
    return pointer.isPresent() ? pointed(pointer.get(), answer) : answer;
  }

  private String pointed(JsonPointer at, String answer) throws UpdateException {
    Optional<JsonDocument> document = JsonDocument.parse(answer);
    if (document.isEmpty()) {
      throw unreadable(noJson());
    }
    Optional<String> found = document.get().value(at);
    if (found.isEmpty()) {
      throw unreadable("its answer has no value at version_pointer " + at.text());
    }
    return found.get();
  }

  private static String noJson() {
    return "its answer is no JSON; check version_url, or use version_pattern";
  }

  private String extract(String text, Reply reply) throws UpdateException, TooComplexException {
    if (pattern.isEmpty()) {
      return text;
    }
    Optional<String> found = pattern.get().group(text);
    if (found.isEmpty()) {
      throw unreadable("version_pattern is not found where it " + reply);
    }
    return found.get();
  }

  private String checked(String version) throws UpdateException {
    if (version.isBlank() || version.strip().length() > MAX_LENGTH) {
      throw unreadable(
          "what it answers is not 1 to %d characters; use version_pointer or version_pattern"
              .formatted(MAX_LENGTH));
    }
    return version;
  }

  private UpdateException unreadable(String why) {
    return new UpdateException(FailureCode.VERSION_UNREADABLE, sentence(why));
  }

  private String sentence(String why) {
    return "The device at %s does not tell its version: %s."
        .formatted(UrlTemplate.shown(url.uri()), why);
  }
}
