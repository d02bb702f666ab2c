package io.github.childconnector.thinedge.v1;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a {@link Registration} compares to what thin-edge holds already.
 *
 * @param isThere whether the topic is registered at all
 * @param differences the fields that are registered otherwise; none where nothing is
 */
public record Comparison(String topic, boolean isThere, List<Difference> differences) {

  /**
   * A field that is registered otherwise.
   *
   * @param wanted the text that is configured
   * @param found the text that is registered; empty if the field is not
   */
  public record Difference(String field, String wanted, Optional<String> found) {
    private String sentence() {
      String is = found.map(text -> "is \"" + text + '"').orElse("is not there");
      return field + " " + is + ", not \"" + wanted + '"';
    }
  }

  /** Keeps its own copy of the differences. */
  public Comparison {
    differences = List.copyOf(differences);
  }

  /** Whether it is registered as it is to be, so that nothing has to be published. */
  public boolean isSame() {
    return isThere && differences.isEmpty();
  }

  /** Whether it may be published: nothing is registered that it would change. */
  public boolean isMissing() {
    return !isThere;
  }

  /** Returns one sentence, without a full stop, with the remedy where it differs. */
  public String sentence() {
    if (isMissing()) {
      return topic + " is not registered";
    }
    if (isSame()) {
      return topic + " is registered as it is configured";
    }
    String found = differences.stream().map(Difference::sentence).collect(Collectors.joining(", "));
    return topic + " is registered otherwise: " + found + "; " + remedy();
  }

  private String remedy() {
    Optional<Difference> id =
        differences.stream().filter(difference -> difference.field().equals("@id")).findFirst();
    String clear = "clear the topic with an empty retained message so that it is registered anew";
    if (id.isPresent()) {
      return id.get()
              .found()
              .map(known -> "set external_id = \"" + known + '"')
              .orElse("take external_id away")
          + ", or delete the device in the cloud and "
          + clear;
    }
    return "leave it so, or " + clear;
  }
}
