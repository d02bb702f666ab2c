package io.github.childconnector.adapter.fuota.management;

import io.github.childconnector.adapter.endpoint.DeviceRequest;
import java.util.Optional;

/**
 * The version in the query of a poll, for example {@code app_ver=0.1.0}. The client escapes
 * nothing, so a plus is a plus, and no blank.
 */
public final class PolledVersion {
  private PolledVersion() {}

  /** Empty if the query has none, an empty one, more than one, or one that cannot be decoded. */
  public static Optional<String> in(DeviceRequest poll) {
    return Optional.of(poll.query("app_ver"))
        .filter(all -> all.size() == 1)
        .flatMap(all -> DeviceRequest.unescape(all.get(0).replace("+", "%2B")))
        .filter(version -> !version.isBlank());
  }
}
