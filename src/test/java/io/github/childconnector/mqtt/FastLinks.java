package io.github.childconnector.mqtt;

import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.mqtt.PahoLink.LinkTimings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.NullMarked;

/** Makes links that try again within 0.1 s instead of a minute, and closes them all. */
@NullMarked
public final class FastLinks implements AutoCloseable {
  static final LinkTimings TIMINGS =
      new LinkTimings(
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2),
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMillis(200));

  /** As above, but notices a dead network within seconds. */
  private static final LinkTimings WATCHFUL =
      new LinkTimings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(2),
          Duration.ofMillis(20),
          Duration.ofMillis(100),
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofMillis(200));

  private final SystemClock clock = new SystemClock();
  private final List<MqttLink> links = new ArrayList<>();

  /** A link that its user closes, and that notices a dead network within seconds. */
  public static MqttLink watchful(MqttSettings settings, MonotonicClock clock) {
    return new PahoLink(settings, clock, new Random(1), WATCHFUL);
  }

  /** The same with the ordinary keep-alive, for peers that answer no ping. */
  public static MqttLink patient(MqttSettings settings, MonotonicClock clock) {
    return new PahoLink(settings, clock, new Random(1), TIMINGS);
  }

  /** How many messages have come by a link that its listener was not told of yet. */
  public static int waiting(MqttLink link) {
    return ((PahoLink) link).waiting();
  }

  /** A link that is not started. */
  public MqttLink to(MqttSettings settings) {
    return to(settings, clock, TIMINGS);
  }

  MqttLink to(MqttSettings settings, LinkTimings timings) {
    return to(settings, clock, timings);
  }

  MqttLink to(MqttSettings settings, MonotonicClock clock, LinkTimings timings) {
    MqttLink link = new PahoLink(settings, clock, new Random(1), timings);
    links.add(link);
    return link;
  }

  @Override
  public void close() {
    links.forEach(MqttLink::close);
    clock.close();
  }
}
