package io.github.childconnector.power;

import io.github.childconnector.image.ImageServer;
import io.github.childconnector.power.Scenario.Trait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.commons.codec.digest.DigestUtils;

/** The file server with the images of a scenario, and the requests that name them. */
final class Images implements AutoCloseable {
  private static final int SIZE = 3000;

  private final ImageServer server = new ImageServer();
  private final Scenario scenario;

  Images(Scenario scenario) throws IOException {
    this.scenario = scenario;
    for (String id : scenario.ids()) {
      server.offer(id, scenario.is(Trait.SPOILT) ? bytes("other") : bytes(id));
      if (scenario.is(Trait.REPLACED)) {
        server.offerFirst(id, bytes("older"));
      }
    }
  }

  private static byte[] bytes(String seed) {
    byte[] bytes = new byte[SIZE];
    new Random(seed.hashCode()).nextBytes(bytes);
    return bytes;
  }

  /** The request with this id as it arrives. */
  byte[] request(String id) {
    String url = scenario.is(Trait.INVALID) ? "" : ",\"url\":\"" + server.url(id) + "\"";
    return "{\"id\":\"%s\",\"name\":\"fw\",\"version\":\"%s\",\"sha256\":\"%s\"%s}"
        .formatted(id, Scenario.version(id), DigestUtils.sha256Hex(bytes(id)), url)
        .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.close();
  }
}
