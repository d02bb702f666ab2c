package io.github.childconnector.adapter.sming;

import io.github.childconnector.adapter.AdapterProvider;
import io.github.childconnector.adapter.DeviceAdapter;
import io.github.childconnector.clock.MonotonicClock;
import io.github.childconnector.clock.SystemClock;
import io.github.childconnector.mqtt.PahoLink;
import io.github.childconnector.operation.ChildId;
import io.github.childconnector.settings.Section;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;

/**
 * Makes adapters for {@code adapter = "sming"}, which update devices built with Sming's library
 * OtaUpgradeMqtt. The keys are described in the package documentation.
 */
public final class SmingAdapterProvider implements AdapterProvider {
  /** Twice, for broker and device, it is within the default of version_timeout. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The clock's one thread, of the timers, is a daemon, and needs no closing. */
  private final MonotonicClock clock = new SystemClock();

  private final BrokerVisit.Means means =
      new BrokerVisit.Means(clock, broker -> new PahoLink(broker, clock, new Random()), PATIENCE);

  @Override
  public String name() {
    return "sming";
  }

  @Override
  public DeviceAdapter create(ChildId child, Section settings) {
    SmingSettings read = SmingSettings.read(child, settings);
    Packager packager =
        new Packager(read.packaging(), read.images(), InstantSource.system(), new SecureRandom());
    return new SmingAdapter(read, packager, means);
  }
}
