package io.github.childconnector.simulation;

import io.github.childconnector.simulation.Scenario.Request;
import io.github.childconnector.simulation.Scenario.Trait;
import java.nio.charset.StandardCharsets;

/** The requests of a scenario as they arrive. */
final class Requests {
  static final String HOST = "gw";

  private Requests() {}

  static byte[] payload(Scenario scenario, Request request) {
    String id = request.id();
    boolean isInvalid = scenario.is(Trait.INVALID) && !id.equals("g");
    String url = isInvalid ? "" : ",\"url\":\"http://" + HOST + "/" + id + "\"";
    return "{\"id\":\"%s\",\"name\":\"fw\",\"version\":\"%s\",\"sha256\":\"%s\"%s}"
        .formatted(id, scenario.version(id), scenario.digest(id), url)
        .getBytes(StandardCharsets.UTF_8);
  }
}
